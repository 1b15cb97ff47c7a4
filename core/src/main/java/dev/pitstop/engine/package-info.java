/** Turns a store into queues with listeners. Of no use outside this module. */
@NullMarked
package dev.pitstop.engine;

import org.jspecify.annotations.NullMarked;
