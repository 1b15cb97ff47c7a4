package dev.pitstop.bench;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The process that stores what {@link Lateness} listens to: a message each 5 ms, by itself. */
final class LatenessPutter {
  /** The variable with the store's address, which has a password and so is no argument. */
  static final String ADDRESS = "BENCH_ADDRESS";

  private LatenessPutter() {}

  /** {@code QUEUE COUNT AHEAD}, the last in milliseconds. */
  public static void main(String[] args) {
    int count = Integer.parseInt(args[1]);
    Duration ahead = Duration.ofMillis(Long.parseLong(args[2]));
    try (Pitstop pitstop = Pitstop.open(System.getenv(ADDRESS))) {
      warm(pitstop.queue("warm"));
      MessageQueue<byte[]> queue = pitstop.queue(args[0]);
      List<CompletableFuture<Stored>> stored = new ArrayList<>(count);
      Instant start = Instant.now();
      for (int i = 0; i < count; i++) {
        Instant at = start.plusMillis(5L * i);
        pauseUntil(at);
        stored.add(queue.store(Traffic.body(), at.plus(ahead)));
      }
      stored.forEach(CompletableFuture::join);
    }
  }

  private static void warm(MessageQueue<byte[]> queue) {
    for (int i = 0; i < 1_000; i++) {
      queue.store(Traffic.body(), Traffic.tomorrow()).join();
    }
  }

  private static void pauseUntil(Instant time) {
    for (Instant now = Instant.now(); now.isBefore(time); now = Instant.now()) {
      LockSupport.parkNanos(Duration.between(now, time).toNanos());
    }
  }
}
