@NullMarked
package dev.pitstop.testing;

import org.jspecify.annotations.NullMarked;
