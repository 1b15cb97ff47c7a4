package dev.pitstop.bench;

import dev.pitstop.Listener;
import dev.pitstop.MessageQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Messages that live: one stores them in batches, due at once, while a listener handles them. No
 * more than {@link #BACKLOG} wait, so that one is never long ahead of the other.
 */
final class Life {
  private static final int BACKLOG = 10_000;

  private Life() {}

  /** Lets so many live, a multiple of ten batches, and returns the rate of each tenth. */
  static double[] tenths(MessageQueue<byte[]> queue, int count) throws Exception {
    int tenth = count / 10;
    long[] ends = new long[11];
    long acked = queue.counters().acked();
    AtomicInteger handled = new AtomicInteger();
    Semaphore room = new Semaphore(BACKLOG);
    ExecutorService putter = Executors.newSingleThreadExecutor();
    ends[0] = System.nanoTime();
    Listener listener =
        queue.listen(
            delivery -> {
              int number = handled.incrementAndGet();
              if (number % tenth == 0 && number <= count) {
                ends[number / tenth] = System.nanoTime();
              }
              room.release();
            });
    try {
      Future<?> storing =
          putter.submit(
              () -> {
                for (int stored = 0; stored < count; stored += Traffic.BATCH) {
                  room.acquire(Traffic.BATCH);
                  Traffic.store(queue, Traffic.BATCH, Traffic::due);
                }
                return true;
              });
      storing.get();
      while (queue.counters().acked() - acked < count) {
        LockSupport.parkNanos(100_000);
      }
    } finally {
      putter.shutdownNow();
      listener.stop().join();
    }
    double[] rates = new double[10];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = tenth * 1e9 / (ends[i + 1] - ends[i]);
    }
    return rates;
  }
}
