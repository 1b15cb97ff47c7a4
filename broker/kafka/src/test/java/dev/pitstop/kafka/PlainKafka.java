package dev.pitstop.kafka;

import dev.pitstop.Message;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.broker.tck.Refusal;
import dev.pitstop.broker.tck.Trait;
import dev.pitstop.servers.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka as the kit sees it, through its plain clients. */
final class PlainKafka implements PlainBroker {
  static final int LARGEST = 2_000_000;

  private static final long LIMIT = 30;

  private final KafkaServer server;
  private final AtomicInteger numbers = new AtomicInteger();

  private PlainKafka(KafkaServer server) {
    this.server = server;
  }

  /** The one that all tests share; it ends with this JVM. */
  static PlainKafka shared() {
    return Shared.BROKER;
  }

  private static final class Shared {
    static final PlainKafka BROKER =
        new PlainKafka(KafkaServer.start(Map.of("message.max.bytes", Integer.toString(LARGEST))));
  }

  Map<String, Object> client() {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrap.servers", "127.0.0.1:" + server.port());
    all.put("security.protocol", "SASL_PLAINTEXT");
    all.put("sasl.mechanism", "PLAIN");
    all.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"pitstop\" password=\"secret\";");
    return all;
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get(LIMIT, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.IDS, Trait.KEEPS_HANDS);
  }

  @Override
  public String freshPlace() {
    return freshTopic(1, Map.of());
  }

  String freshTopic(int partitions, Map<String, String> settings) {
    String name = "topic-" + numbers.incrementAndGet();
    try (Admin admin = Admin.create(client())) {
      NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
      get(admin.createTopics(List.of(topic)).all());
      // which asks each partition's leader: a producer may stall for long when it is too early
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      for (int partition = 0; partition < partitions; partition++) {
        ends.put(new TopicPartition(name, partition), OffsetSpec.latest());
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
      while (!haveLeaders(admin, ends) && System.nanoTime() < end) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    return name;
  }

  private static boolean haveLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends) {
    try {
      get(admin.listOffsets(ends).all());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Override
  public String address(String place) {
    return server.address("x").replaceFirst("/x$", "/" + place)
        + "?timeout=3s&key=key&group=of-"
        + place;
  }

  @Override
  public String password() {
    return "secret";
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = client();
    all.put("max.request.size", 2 * LARGEST);
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public void put(String place, List<Message<byte[]>> messages) {
    put(messages.stream().map(message -> record(place, message)).toList());
  }

  void put(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      records.stream().map(producer::send).toList().forEach(PlainKafka::get);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, Message<byte[]> message) {
    RecordHeaders headers = new RecordHeaders();
    message.headers().forEach((name, value) -> headers.add(name, utf8(value)));
    message.contentType().ifPresent(type -> headers.add("content-type", utf8(type)));
    return new ProducerRecord<byte[], byte[]>(topic, null, null, message.body(), headers);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Message<byte[]>> read(String place, int count) {
    return records(place, count).stream().map(PlainKafka::message).toList();
  }

  /** All of the first partition. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT);
      long there = Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
      while ((all.size() < count || consumer.position(partition) < there)
          && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  private static Message<byte[]> message(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    Optional<String> contentType = Optional.ofNullable(headers.remove("content-type"));
    return new Message<>(record.value(), Optional.empty(), headers, contentType);
  }

  @Override
  public long left(String place) {
    try (Admin admin = Admin.create(client())) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          get(admin.listConsumerGroupOffsets("of-" + place).partitionsToOffsetAndMetadata());
      TopicPartition partition = new TopicPartition(place, 0);
      long end =
          get(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
              .offset();
      OffsetAndMetadata kept = committed.get(partition);
      return end - (kept == null ? 0 : kept.offset());
    }
  }

  @Override
  public List<Refusal> refusals() {
    Message<byte[]> small = Message.of(new byte[] {1});
    String compacted = freshTopic(1, Map.of("cleanup.policy", "compact"));
    return List.of(
        new Refusal(
            "no such topic",
            address("nobodys"),
            small,
            "This server does not host this topic-partition",
            false),
        new Refusal("no topic's name", address("no%20topic"), small, "topic", true),
        new Refusal("no key for a compacted topic", address(compacted), small, "key", true),
        new Refusal(
            "too large", address(freshPlace()), Message.of(new byte[LARGEST + 1]), "larger", true));
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() {
    server.restart();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }
}
