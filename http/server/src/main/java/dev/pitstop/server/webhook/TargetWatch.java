package dev.pitstop.server.webhook;

import dev.pitstop.server.api.Looks;
import dev.pitstop.server.api.Node;
import dev.pitstop.spi.Capability;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this process post to the targets that the store keeps: at once when it has changed one
 * itself, within a second when another process has. While the store is away, what runs goes on.
 * Thread-safe.
 */
final class TargetWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TargetWatch.class);

  private final Node node;
  private final Looks<@Nullable Void> looks;
  private final boolean shared;
  private volatile boolean known;
  private volatile boolean away;
  private volatile boolean ended;

  TargetWatch(Node node, StoredTargets stored, Webhooks webhooks) {
    this.node = node;
    shared = node.store().capabilities().contains(Capability.SHARED);
    looks =
        new Looks<>(
            () ->
                stored
                    .all()
                    .thenAcceptAsync(webhooks::follow, node.blocking())
                    .whenComplete((done, failure) -> over(failure)));
  }

  /**
   * Looks each second from now on; where no other process can change a target, until it has seen
   * them.
   */
  void begin() {
    node.timer().scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /** Looks no more by itself. */
  void end() {
    ended = true;
  }

  private void tick() {
    if (!ended && (shared || !known)) {
      looks.fresh();
    }
  }

  /**
   * Completes when this process does what the store kept when this was called, or fails to look.
   */
  CompletableFuture<Void> look() {
    return looks.fresh();
  }

  private static String words(@Nullable Throwable failure) {
    return String.valueOf(
        failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
  }

  private void over(@Nullable Throwable failure) {
    if (ended) {
      return; // the store may be closed by now
    }
    known = failure == null;
    if (known && away) {
      LOG.info("targets that are set through the API are seen again");
    } else if (!known && !away) {
      LOG.warn("targets that are set through the API are not seen for now: {}", words(failure));
    }
    away = !known;
  }
}
