/** Tests of what users import. */
@NullMarked
package dev.pitstop;

import org.jspecify.annotations.NullMarked;
