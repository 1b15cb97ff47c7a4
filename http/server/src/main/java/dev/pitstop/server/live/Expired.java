package dev.pitstop.server.live;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Removes those messages of a queue that servers keep whose time is over: those that are due. */
final class Expired {
  private static final int MOST = 100;
  private static final ListenerOptions LEASE =
      ListenerOptions.defaults().leaseTime(Duration.ofMinutes(1));

  private Expired() {}

  /** Removes them; several processes may do so at once. */
  static CompletableFuture<Void> remove(MessageQueue<byte[]> queue) {
    return queue
        .lease(MOST, LEASE)
        .thenCompose(
            due -> {
              CompletableFuture<Void> acked =
                  CompletableFuture.allOf(
                      due.stream().map(Delivery::ack).toArray(CompletableFuture[]::new));
              return due.size() < MOST ? acked : acked.thenCompose(done -> remove(queue));
            });
  }
}
