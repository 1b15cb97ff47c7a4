/** Emitting by HTTP: messages of a queue are posted to a target. */
@NullMarked
package dev.pitstop.server.webhook;

import org.jspecify.annotations.NullMarked;
