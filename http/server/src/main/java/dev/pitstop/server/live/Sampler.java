package dev.pitstop.server.live;

import dev.pitstop.QueueStats;
import dev.pitstop.server.api.Looks;
import dev.pitstop.server.api.Node;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what all queues hold, for all who ask at once: never more than one look is under way.
 * Nobody asks, nothing is looked at. Thread-safe.
 */
final class Sampler {
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Looks<Sample> looks;
  private volatile @Nullable Sample last;

  Sampler(Node node) {
    looks = new Looks<>(() -> look(node));
  }

  /**
   * What was seen by one look.
   *
   * @param asOf the store's time of it
   * @param takenNanos the machine's time of it
   */
  record Sample(List<QueueStats> queues, Instant asOf, long takenNanos) {}

  /** What a look sees that begins after this call, so that whoever asks sees what it did before. */
  CompletableFuture<Sample> fresh() {
    return looks.fresh();
  }

  /** What was seen within the last second, or is seen now. */
  CompletableFuture<Sample> latest() {
    Sample seen = last;
    return seen != null && System.nanoTime() - seen.takenNanos < KEPT_NANOS
        ? CompletableFuture.completedFuture(seen)
        : looks.underWay().orElseGet(looks::fresh);
  }

  private CompletableFuture<Sample> look(Node node) {
    return node.allStats()
        .thenApply(
            queues -> {
              Sample sample = new Sample(queues, node.now(), System.nanoTime());
              last = sample;
              return sample;
            });
  }
}
