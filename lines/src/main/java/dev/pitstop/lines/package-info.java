/** Messages as lines of JSON: what is stored, what is exported, and what people read of them. */
@NullMarked
package dev.pitstop.lines;

import org.jspecify.annotations.NullMarked;
