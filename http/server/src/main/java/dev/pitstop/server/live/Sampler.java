package dev.pitstop.server.live;

import dev.pitstop.QueueStats;
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

  private final Node node;
  private @Nullable CompletableFuture<Sample> running; // guarded by this
  private @Nullable CompletableFuture<Sample> next; // guarded by this
  private @Nullable Sample last; // guarded by this

  Sampler(Node node) {
    this.node = node;
  }

  /**
   * What was seen by one look.
   *
   * @param asOf the store's time of it
   * @param takenNanos the machine's time of it
   */
  record Sample(List<QueueStats> queues, Instant asOf, long takenNanos) {}

  /**
   * What a look sees that begins after this call, so that whoever asks sees what it did before. All
   * who ask while one look is under way share the next.
   */
  CompletableFuture<Sample> fresh() {
    CompletableFuture<Sample> begun;
    synchronized (this) {
      if (running != null) {
        if (next == null) {
          next = new CompletableFuture<>();
        }
        return next.copy();
      }
      begun = new CompletableFuture<>();
      running = begun;
    }
    look(begun);
    return begun.copy();
  }

  /** What was seen within the last second, or is seen now. */
  CompletableFuture<Sample> latest() {
    synchronized (this) {
      if (last != null && System.nanoTime() - last.takenNanos < KEPT_NANOS) {
        return CompletableFuture.completedFuture(last);
      }
      if (running != null) {
        return running.copy();
      }
    }
    return fresh();
  }

  private void look(CompletableFuture<Sample> into) {
    node.allStats()
        .thenApply(queues -> new Sample(queues, node.now(), System.nanoTime()))
        .whenComplete(
            (sample, failure) -> {
              CompletableFuture<Sample> following = over(sample);
              if (failure != null) {
                into.completeExceptionally(failure);
              } else {
                into.complete(sample);
              }
              if (following != null) {
                look(following);
              }
            });
  }

  /** A look is over; says which is next. */
  private synchronized @Nullable CompletableFuture<Sample> over(@Nullable Sample sample) {
    if (sample != null) {
      last = sample;
    }
    running = next;
    next = null;
    return running;
  }
}
