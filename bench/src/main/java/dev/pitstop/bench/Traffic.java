package dev.pitstop.bench;

import dev.pitstop.Deferral;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** What every benchmark does with a queue, through the public API alone. */
final class Traffic {
  /** How many messages go in one call that stores many. */
  static final int BATCH = 1_000;

  private static final byte[] BODY = randomBody();

  private Traffic() {}

  /** A body of 200 letters. */
  static byte[] body() {
    return BODY;
  }

  /** Stores in batches, each waited for, and returns messages a second. */
  static double store(MessageQueue<byte[]> queue, int count, Supplier<Schedule> when) {
    long start = System.nanoTime();
    List<Deferral<byte[]>> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < count; i++) {
      batch.add(Deferral.of(Message.of(BODY), when.get()));
      if (batch.size() == BATCH || i == count - 1) {
        queue.storeAll(batch).join().forEach(StoreResult::orThrow);
        batch.clear();
      }
    }
    return perSecond(count, start);
  }

  /** The same from several threads at once, which share the count evenly. */
  static double store(MessageQueue<byte[]> queue, int count, int callers, Supplier<Schedule> when)
      throws Exception {
    int each = count / callers;
    return together(callers, each, () -> store(queue, each, when));
  }

  /** Stores one by one from several threads, each waiting for its own; messages a second. */
  static double storeSingly(MessageQueue<byte[]> queue, int callers, int each) throws Exception {
    return together(
        callers,
        each,
        () -> {
          for (int i = 0; i < each; i++) {
            queue.store(BODY, tomorrow()).join();
          }
          return true;
        });
  }

  /** Hands out what is due to a handler that does nothing, until so many are acked; their rate. */
  static double drain(MessageQueue<byte[]> queue, int count) {
    long before = queue.counters().acked();
    long start = System.nanoTime();
    var listener = queue.listen(ListenerOptions.defaults(), delivery -> {});
    while (queue.counters().acked() - before < count) {
      LockSupport.parkNanos(100_000);
    }
    double rate = perSecond(count, start);
    listener.stop().join();
    return rate;
  }

  /** Runs the same on several threads and returns how many a second were done by all of them. */
  static double together(int threads, int each, Callable<?> task) throws Exception {
    return together(Collections.nCopies(threads, task), (long) threads * each);
  }

  /** Runs tasks on a thread each and returns how many a second of {@code count} were done. */
  static double together(List<? extends Callable<?>> tasks, long count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      long start = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (Callable<?> task : tasks) {
        running.add(threads.submit(task));
      }
      for (Future<?> task : running) {
        task.get();
      }
      return perSecond(count, start);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Due at once, in the order they are stored. */
  static Schedule due() {
    return Schedule.at(Instant.EPOCH);
  }

  static Schedule inAnHour() {
    return Schedule.at(Instant.now().plus(Duration.ofHours(1)));
  }

  /** Some time in the month that begins tomorrow. */
  static Schedule nextMonth() {
    long month = Duration.ofDays(30).toMillis();
    return Schedule.at(tomorrow().plusMillis(ThreadLocalRandom.current().nextLong(month)));
  }

  static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  static double perSecond(long count, long startNanos) {
    return count * 1e9 / (System.nanoTime() - startNanos);
  }

  private static byte[] randomBody() {
    byte[] body = new byte[200];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) ('a' + ThreadLocalRandom.current().nextInt(26));
    }
    return body;
  }
}
