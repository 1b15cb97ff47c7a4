/**
 * RabbitMQ as a place to take messages from and to send them to, for addresses as {@code
 * rabbitmq://user:password@host:5672/queue}. Found by {@link dev.pitstop.broker.Brokers}.
 */
@NullMarked
package dev.pitstop.rabbitmq;

import org.jspecify.annotations.NullMarked;
