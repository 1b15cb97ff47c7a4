@NullMarked
package dev.pitstop.tck;

import org.jspecify.annotations.NullMarked;
