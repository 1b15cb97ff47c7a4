package dev.pitstop.bench;

import dev.pitstop.servers.KafkaServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The floor: Kafka's producer alone, as it is made unless told otherwise: idempotent, confirmed by
 * all, and so many records under way. Used by one thread.
 */
final class RawKafka implements AutoCloseable {
  private static final int PARTITIONS = 4;

  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  RawKafka(KafkaServer server) {
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers",
            "127.0.0.1:" + server.port(),
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                + " username=\"pitstop\" password=\"secret\";");
    admin = Admin.create(client);
    producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Makes a topic and waits until each of its partitions has its leader: a producer may stall for
   * long when it is too early.
   */
  void create(String topic) throws InterruptedException, ExecutionException {
    admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    while (!haveLeaders(ends)) {
      LockSupport.parkNanos(20_000_000);
    }
  }

  private boolean haveLeaders(Map<TopicPartition, OffsetSpec> ends)
      throws InterruptedException, ExecutionException {
    try {
      admin.listOffsets(ends).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return false;
      }
      throw e;
    }
  }

  /** Sends messages to a topic and waits until each is confirmed; messages a second. */
  double send(String topic, int count, int underWay) throws InterruptedException {
    Semaphore room = new Semaphore(underWay);
    AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      producer.send(
          new ProducerRecord<>(topic, Traffic.body()),
          (where, failure) -> {
            refused.compareAndSet(null, failure);
            room.release();
          });
    }
    room.acquire(underWay);
    double rate = Traffic.perSecond(count, start);
    if (refused.get() != null) {
      throw new IllegalStateException("Kafka refused a message", refused.get());
    }
    return rate;
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }
}
