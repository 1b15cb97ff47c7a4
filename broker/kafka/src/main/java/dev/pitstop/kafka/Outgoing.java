package dev.pitstop.kafka;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record on its way to Kafka.
 *
 * @param deadline until when it must be in the producer's hands, by {@link System#nanoTime}
 */
record Outgoing(
    ProducerRecord<byte[], byte[]> record, long deadline, CompletableFuture<Void> confirmed) {
  boolean isLate() {
    return System.nanoTime() - deadline > 0;
  }

  String topic() {
    return record.topic();
  }
}
