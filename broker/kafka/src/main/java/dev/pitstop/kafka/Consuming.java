package dev.pitstop.kafka;

import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from a topic for as long as one consumer of Kafka's lasts. Used by the thread that polls;
 * {@link #stop} and {@link #end} by any.
 */
final class Consuming implements ConsumerRebalanceListener, AutoCloseable {
  /*
   * Nothing is fetched while something fetched waits for room, so that a source has no more than one
   * poll's records beside those in hands; but Kafka is polled all the same, now and then, for the
   * group's sake and for commits.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Consuming.class);
  private static final int MOST_POLLED = 1_000;
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long POLL_EVERY = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long COMMIT_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int SESSION_MILLIS = 10_000;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  /** How long those who have messages of a partition that goes to another are waited for. */
  private static final Duration GOING = Duration.ofSeconds(3);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final InHands inHands;
  private final int inFlight;
  private final Consumer<Received> receiver;
  private final Map<TopicPartition, Share> shares = new ConcurrentHashMap<>();
  private final Object room = new Object();
  private final CompletableFuture<Void> stored = new CompletableFuture<>();
  private volatile boolean ended;
  private boolean committing;
  private long commitDue = System.nanoTime();
  private long pollDue = System.nanoTime();

  Consuming(
      Settings settings, String topic, InHands inHands, int inFlight, Consumer<Received> receiver) {
    this.inHands = inHands;
    this.inFlight = inFlight;
    this.receiver = receiver;
    consumer = new KafkaConsumer<>(settings(settings, inFlight));
    consumer.subscribe(List.of(topic), this);
  }

  private static Map<String, Object> settings(Settings settings, int inFlight) {
    Map<String, Object> all = settings.client();
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(inFlight, MOST_POLLED));
    all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, settings.timeoutMillis());
    // only the partitions that go to another are taken away when the group changes
    all.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    return all;
  }

  /**
   * Hands out until this is ended.
   *
   * @throws KafkaException when the consumer can do no more
   */
  void run() throws InterruptedException {
    while (!ended) {
      boolean full = handOut();
      commit();
      if (!full) {
        poll(true, untilNacked());
      } else {
        awaitRoom();
        if (pollDue - System.nanoTime() <= 0) {
          poll(false, 0);
        }
      }
    }
  }

  private void poll(boolean fetch, long nanos) {
    letFetch(fetch);
    add(consumer.poll(Duration.ofNanos(nanos)));
    pollDue = System.nanoTime() + POLL_EVERY;
  }

  /** Hands out what there is room for; whether there is no use in fetching more. */
  private boolean handOut() {
    boolean waiting = false;
    for (Share share : shares.values()) {
      handOutAll(share::takeNacked);
      while (hasRoom()) {
        Optional<Held> held = share.takeFetched();
        if (held.isEmpty()) {
          break;
        }
        receiver.accept(held.get());
      }
      waiting |= share.hasFetched() && !share.isHeldBack();
    }
    return waiting || !hasRoom() || inHands.isStopped();
  }

  private void handOutAll(Supplier<Optional<Held>> next) {
    for (Optional<Held> held = next.get(); held.isPresent(); held = next.get()) {
      receiver.accept(held.get());
    }
  }

  private boolean hasRoom() {
    return inHands.count() < inFlight;
  }

  private long untilNacked() {
    long least = LONGEST_WAIT;
    for (Share share : shares.values()) {
      least = share.nanosToNacked(least);
    }
    return least;
  }

  private void awaitRoom() throws InterruptedException {
    long limit = untilNacked();
    synchronized (room) {
      if (!ended && (inHands.isStopped() || !hasRoom())) {
        TimeUnit.NANOSECONDS.timedWait(room, limit);
      }
    }
  }

  /** Lets a poll fetch, of partitions of which nothing fetched waits, or nothing at all. */
  private void letFetch(boolean some) {
    List<TopicPartition> paused = new ArrayList<>();
    List<TopicPartition> fetched = new ArrayList<>();
    shares.forEach(
        (partition, share) -> (some && !share.hasFetched() ? fetched : paused).add(partition));
    consumer.pause(paused);
    consumer.resume(fetched);
  }

  private void add(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, OffsetAndMetadata> ends = records.nextOffsets();
    ends.forEach(
        (partition, end) -> {
          Share share = shares.get(partition);
          if (share != null) {
            share.add(records.records(partition), end.offset());
          }
        });
  }

  private void commit() {
    if (committing || commitDue - System.nanoTime() > 0) {
      return;
    }
    boolean settled = inHands.isStopped() && inHands.count() == 0;
    Map<TopicPartition, OffsetAndMetadata> now = toCommit(shares.keySet());
    if (now.isEmpty() && settled) {
      stored.completeAsync(() -> null);
    } else if (!now.isEmpty()) {
      committing = true;
      commitDue = System.nanoTime() + COMMIT_EVERY;
      consumer.commitAsync(now, this::committed);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Share share = shares.get(partition);
      if (share != null) {
        share.toCommit().ifPresent(offset -> all.put(partition, offset));
      }
    }
    return all;
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    committing = false;
    if (failure != null) {
      LOG.debug("offsets are not kept yet, told again", failure);
      return;
    }
    offsets.forEach(
        (partition, offset) -> {
          Share share = shares.get(partition);
          if (share != null) {
            share.committed(offset.offset());
          }
        });
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> shares.put(partition, new Share(inHands, room)));
  }

  /** Those who have messages of them are waited for, and what they ack meanwhile is kept. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    try {
      awaitSettled(partitions);
      commitNow(partitions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      onPartitionsLost(partitions);
    }
  }

  private void awaitSettled(Collection<TopicPartition> partitions) throws InterruptedException {
    long end = System.nanoTime() + GOING.toNanos();
    synchronized (room) {
      long left = GOING.toNanos();
      while (!ended && left > 0 && held(partitions) > 0) {
        TimeUnit.NANOSECONDS.timedWait(room, left);
        left = end - System.nanoTime();
      }
    }
  }

  private int held(Collection<TopicPartition> partitions) {
    int all = 0;
    for (TopicPartition partition : partitions) {
      Share share = shares.get(partition);
      all += share == null ? 0 : share.held();
    }
    return all;
  }

  private void commitNow(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> now = toCommit(partitions);
    if (now.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(now, CLOSE);
    } catch (KafkaException e) {
      LOG.debug("offsets are not kept, so that what was acked since comes again", e);
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      Share share = shares.remove(partition);
      if (share != null) {
        share.lose();
      }
    }
  }

  /**
   * Lets go what waits to be handed out again; called when nothing is handed out any more.
   *
   * @return completes when nothing is in hands and Kafka keeps what was acked, or this is closed
   */
  CompletableFuture<Void> stop() {
    shares.values().forEach(Share::stop);
    return stored;
  }

  /** Lets {@link #run} return. */
  void end() {
    synchronized (room) {
      ended = true;
      room.notifyAll();
    }
  }

  /** Keeps what was acked, within about two seconds, and leaves the group within two more. */
  @Override
  public void close() {
    ended = true;
    List<TopicPartition> all = new ArrayList<>(shares.keySet());
    commitNow(all);
    onPartitionsLost(all);
    try {
      consumer.close(CloseOptions.timeout(CLOSE));
    } finally {
      stored.completeAsync(() -> null);
    }
  }
}
