package dev.pitstop.kafka;

import dev.pitstop.broker.InHands;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What one source has of one partition, from when it is assigned until it is revoked: records that
 * wait to be handed out, those that are open, and up to where all are acked. Thread-safe.
 */
final class Share {
  /*
   * Kafka keeps one offset for a partition, so a record that is not acked holds back the acks of all
   * after it, and they come again when the source ends before. That is bounded: nothing is handed
   * out more than WINDOW after the first open one.
   */
  static final long WINDOW = 10_000;

  private record Waiting(Held held, long due) {}

  private final InHands inHands;
  private final Object room;

  /* Guarded by this. */
  private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private final PriorityQueue<Waiting> nacked =
      new PriorityQueue<>(Comparator.comparingLong(Waiting::due));
  private long next = -1;
  private long afterFetched = -1;
  private long committed = -1;
  private int letGo; // of the open ones, those that are no longer in hands
  private boolean lost;

  /**
   * One of which nothing is fetched yet.
   *
   * @param room is notified when something is settled
   */
  Share(InHands inHands, Object room) {
    this.inHands = inHands;
    this.room = room;
  }

  /** Adds what was fetched, up to before an offset. */
  synchronized void add(List<ConsumerRecord<byte[], byte[]>> records, long end) {
    fetched.addAll(records);
    afterFetched = end;
    if (fetched.isEmpty()) {
      next = end;
    }
  }

  /** Whether something fetched waits. */
  synchronized boolean hasFetched() {
    return !fetched.isEmpty();
  }

  /** Whether what is fetched waits for an older record to be acked. */
  synchronized boolean isHeldBack() {
    return !fetched.isEmpty()
        && !open.isEmpty()
        && fetched.element().offset() - open.first() >= WINDOW;
  }

  /** The next to be handed out for the first time, counted as in hands. */
  synchronized Optional<Held> takeFetched() {
    if (fetched.isEmpty() || isHeldBack() || !inHands.take()) {
      return Optional.empty();
    }
    ConsumerRecord<byte[], byte[]> record = fetched.remove();
    Held held = new Held(this, record.offset(), FromKafka.message(record));
    open.add(record.offset());
    next = fetched.isEmpty() ? afterFetched : record.offset() + 1;
    return Optional.of(held);
  }

  /** The next whose time after a nack is over; it was counted as in hands all the while. */
  synchronized Optional<Held> takeNacked() {
    Waiting first = nacked.peek();
    if (first == null || first.due() - System.nanoTime() > 0 || inHands.isStopped()) {
      return Optional.empty();
    }
    nacked.remove();
    return Optional.of(first.held().again());
  }

  /** How long until {@link #takeNacked} has one, at most a limit. */
  synchronized long nanosToNacked(long limit) {
    Waiting first = nacked.peek();
    return first == null ? limit : Math.max(0, Math.min(limit, first.due() - System.nanoTime()));
  }

  /** Takes an ack; whether it counts: not once this is lost. */
  boolean ack(Held held) {
    synchronized (this) {
      if (lost) {
        return false;
      }
      open.remove(held.offset());
    }
    over(1);
    return true;
  }

  /** Hands it out again after a time, unless nothing is handed out any more; as {@link #ack}. */
  boolean nack(Held held, Duration wait) {
    synchronized (this) {
      if (lost) {
        return false;
      }
      if (!inHands.isStopped()) {
        nacked.add(new Waiting(held, System.nanoTime() + wait.toNanos()));
        return true;
      }
      letGo++;
    }
    over(1);
    return true;
  }

  /** Lets go what waits to be handed out again; called when nothing is handed out any more. */
  void stop() {
    int waiting;
    synchronized (this) {
      waiting = nacked.size();
      nacked.clear();
      letGo += waiting;
    }
    over(waiting);
  }

  /** Lets go all, for whose acks it is too late. */
  void lose() {
    int left;
    synchronized (this) {
      lost = true;
      left = open.size() - letGo;
      letGo = 0;
      open.clear();
      nacked.clear();
      fetched.clear();
    }
    over(left);
  }

  private void over(int count) {
    for (int i = 0; i < count; i++) {
      inHands.done();
    }
    synchronized (room) {
      room.notifyAll();
    }
  }

  /** How many are neither acked nor nacked. */
  synchronized int held() {
    return open.size() - nacked.size() - letGo;
  }

  /** Up to before where all is acked, if that is not what Kafka keeps. */
  synchronized Optional<OffsetAndMetadata> toCommit() {
    long all = open.isEmpty() ? next : open.first();
    return all >= 0 && all != committed
        ? Optional.of(new OffsetAndMetadata(all))
        : Optional.empty();
  }

  /** Kafka keeps an offset. */
  synchronized void committed(long offset) {
    committed = offset;
  }
}
