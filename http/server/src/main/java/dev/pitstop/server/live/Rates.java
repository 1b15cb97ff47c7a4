package dev.pitstop.server.live;

import dev.pitstop.Pitstop;
import dev.pitstop.QueueCounters;
import dev.pitstop.lines.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * How much this process does in each queue, over the last five seconds: from counters that only
 * grow, never from how what a queue holds has changed. Thread-safe.
 */
final class Rates {
  private static final int READINGS = 6;
  private static final QueueCounters NONE = new QueueCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private record Reading(long nanos, Map<String, QueueCounters> counters) {
    QueueCounters of(String queue) {
      return counters.getOrDefault(queue, NONE);
    }
  }

  private final Pitstop pitstop;
  private final Supplier<Set<String>> queues;
  private final Deque<Reading> readings = new ArrayDeque<>(); // guarded by this

  /**
   * The rates of a process.
   *
   * @param queues those that it has had to do with
   */
  Rates(Pitstop pitstop, Supplier<Set<String>> queues) {
    this.pitstop = pitstop;
    this.queues = queues;
    readings.add(new Reading(System.nanoTime(), Map.of()));
  }

  /** Reads all counters; to be called each second. */
  Map<String, QueueCounters> read() {
    Map<String, QueueCounters> counters = new HashMap<>();
    for (String queue : queues.get()) {
      counters.put(queue, pitstop.queue(queue).counters());
    }
    synchronized (this) {
      readings.addLast(new Reading(System.nanoTime(), counters));
      if (readings.size() > READINGS) {
        readings.removeFirst();
      }
    }
    return counters;
  }

  /** The rates of a queue by the second, as JSON. */
  byte[] json(String queue) {
    Reading first;
    Reading last;
    synchronized (this) {
      first = readings.getFirst();
      last = readings.getLast();
    }
    double seconds = (last.nanos - first.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    QueueCounters before = first.of(queue);
    QueueCounters after = last.of(queue);
    JsonLine json = new JsonLine();
    rate(json, "stored", before, after, seconds, QueueCounters::stored);
    rate(json, "emitted", before, after, seconds, QueueCounters::emitted);
    rate(json, "acked", before, after, seconds, QueueCounters::acked);
    rate(json, "failed", before, after, seconds, QueueCounters::nacked);
    return json.bytes();
  }

  /** A number with one decimal at most. */
  private static void rate(
      JsonLine json,
      String name,
      QueueCounters before,
      QueueCounters after,
      double seconds,
      ToLongFunction<QueueCounters> number) {
    long count = number.applyAsLong(after) - number.applyAsLong(before);
    long tenths = seconds <= 0 ? 0 : Math.round(count * 10 / seconds);
    String text = tenths % 10 == 0 ? tenths / 10 + "" : tenths / 10 + "." + tenths % 10;
    json.value(name, text.getBytes(StandardCharsets.US_ASCII));
  }
}
