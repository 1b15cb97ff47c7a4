/**
 * Kafka as a place to take messages from and to send them to, for addresses as {@code
 * kafka://host:9092,host2:9092/topic?group=name}. Found by {@link dev.pitstop.broker.Brokers}.
 */
@NullMarked
package dev.pitstop.kafka;

import org.jspecify.annotations.NullMarked;
