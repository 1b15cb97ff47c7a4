/** What the authors of stores implement, and those who embed Pitstop in other ways of running. */
@NullMarked
package dev.pitstop.spi;

import org.jspecify.annotations.NullMarked;
