/**
 * Queues and brokers joined: a {@link dev.pitstop.broker.Source} hands out messages, a {@link
 * dev.pitstop.broker.Sender} has them confirmed, and a {@link dev.pitstop.broker.Relay} acks each
 * at its source when it is confirmed at the other end. Brokers are named by address, see {@link
 * dev.pitstop.broker.Brokers}.
 */
@NullMarked
package dev.pitstop.broker;

import org.jspecify.annotations.NullMarked;
