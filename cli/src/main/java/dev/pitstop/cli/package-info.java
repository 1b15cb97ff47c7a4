/** The command line. */
@NullMarked
package dev.pitstop.cli;

import org.jspecify.annotations.NullMarked;
