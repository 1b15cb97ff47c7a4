/** Pitstop measured beside what it is built on, in one run. */
@NullMarked
package dev.pitstop.bench;

import org.jspecify.annotations.NullMarked;
