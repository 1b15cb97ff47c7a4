package dev.pitstop.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own clients that a sender uses, made when they are first needed: they refuse to be made
 * while the name of no host is known. Thread-safe.
 */
final class Clients implements AutoCloseable {
  private static final int BUFFER = 32 << 20;
  private static final int BATCH = 128 << 10;

  private final Settings settings;

  /* Guarded by this. */
  private @Nullable Producer<byte[], byte[]> producer;
  private @Nullable Admin admin;
  private boolean closed;

  Clients(Settings settings) {
    this.settings = settings;
  }

  /**
   * The producer.
   *
   * @return empty when this is closed
   * @throws org.apache.kafka.common.KafkaException when it cannot be made now
   */
  synchronized Optional<Producer<byte[], byte[]>> producer() {
    if (producer == null && !closed) {
      producer = new KafkaProducer<>(producerSettings());
    }
    return Optional.ofNullable(producer);
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> all = settings.client();
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, settings.timeoutMillis());
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.timeoutMillis());
    all.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH);
    all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
    // what is too large is the broker's to say
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, BUFFER);
    return all;
  }

  /** Who knows which topics there are; as {@link #producer}. */
  synchronized Optional<Admin> admin() {
    if (admin == null && !closed) {
      Map<String, Object> all = settings.client();
      all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, settings.timeoutMillis());
      admin = Admin.create(all);
    }
    return Optional.ofNullable(admin);
  }

  /** Ends a producer that is of no more use; what is under way fails, and another is made. */
  void drop(Producer<byte[], byte[]> spent) {
    synchronized (this) {
      if (producer != spent) {
        return;
      }
      producer = null;
    }
    spent.close(Duration.ZERO);
  }

  /** Ends them, and what is under way fails. Who waits for them waits no longer. */
  @Override
  public void close() {
    Producer<byte[], byte[]> sending;
    Admin asking;
    synchronized (this) {
      closed = true;
      sending = producer;
      asking = admin;
      producer = null;
      admin = null;
    }
    if (sending != null) {
      sending.close(Duration.ZERO);
    }
    if (asking != null) {
      asking.close(Duration.ZERO);
    }
  }
}
