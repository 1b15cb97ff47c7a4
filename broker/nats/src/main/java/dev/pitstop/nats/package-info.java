/**
 * NATS JetStream as a place to take messages from and to send them to, for addresses as {@code
 * nats://user:password@host:4222/subject}. Found by {@link dev.pitstop.broker.Brokers}.
 */
@NullMarked
package dev.pitstop.nats;

import org.jspecify.annotations.NullMarked;
