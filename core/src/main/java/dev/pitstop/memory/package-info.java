/** The store that keeps messages in the memory of one process. */
@NullMarked
package dev.pitstop.memory;

import org.jspecify.annotations.NullMarked;
