@NullMarked
package dev.pitstop.memory;

import org.jspecify.annotations.NullMarked;
