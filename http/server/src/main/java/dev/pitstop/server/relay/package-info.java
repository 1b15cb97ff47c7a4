/** Queues that take from brokers and emit to them. */
@NullMarked
package dev.pitstop.server.relay;

import org.jspecify.annotations.NullMarked;
