package dev.pitstop.server.api;

import dev.pitstop.Delivery;
import dev.pitstop.MessageQueue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The deliveries that this process has leased for others lately, so that settling them needs no
 * look at the store; what is not among them is looked for there. Thread-safe.
 */
final class Held {
  private static final int MOST = 50_000;

  private record Key(String queue, String id, long token) {}

  private record Kept(Delivery<byte[]> delivery, Runnable whenSettled) {}

  private final Map<Key, Kept> deliveries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
          return size() > MOST;
        }
      };

  void add(Delivery<byte[]> delivery) {
    add(delivery, () -> {});
  }

  /**
   * A delivery that was given to somebody.
   *
   * @param whenSettled runs when it is removed from here
   */
  synchronized void add(Delivery<byte[]> delivery, Runnable whenSettled) {
    deliveries.put(key(delivery), new Kept(delivery, whenSettled));
  }

  /** It is settled, or given back. */
  void remove(Delivery<byte[]> delivery) {
    Kept kept;
    synchronized (this) {
      kept = deliveries.remove(key(delivery));
    }
    if (kept != null) {
      kept.whenSettled.run();
    }
  }

  /** The delivery of a lease; empty when the lease is not the last of the message. */
  CompletableFuture<Optional<Delivery<byte[]>>> find(
      MessageQueue<byte[]> queue, String id, long token, Node node) {
    Kept held;
    synchronized (this) {
      held = deliveries.get(new Key(queue.name(), id, token));
    }
    return held == null
        ? queue.leased(id, token, node.options().apply(queue.name()))
        : CompletableFuture.completedFuture(Optional.of(held.delivery));
  }

  private static Key key(Delivery<byte[]> delivery) {
    return new Key(delivery.queue(), delivery.id(), delivery.token());
  }
}
