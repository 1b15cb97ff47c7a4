/** What users of Pitstop import. */
@NullMarked
package dev.pitstop;

import org.jspecify.annotations.NullMarked;
