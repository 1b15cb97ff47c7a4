package dev.pitstop.server.api;

import dev.pitstop.Delivery;
import dev.pitstop.MessageQueue;
import java.util.HashMap;
import java.util.Iterator;
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
  private static final long MOST_BYTES = 32L << 20;

  private record Key(String queue, String id, long token) {}

  private record Streamed(Delivery<byte[]> delivery, Runnable whenSettled) {}

  /** The oldest are forgotten when there are too many. */
  private final Map<Key, Delivery<byte[]>> pulled = new LinkedHashMap<>(); // guarded by this

  /** Bounded by who streams; to be told is what keeps a stream going. */
  private final Map<Key, Streamed> streamed = new HashMap<>(); // guarded by this

  private long pulledBytes; // guarded by this

  /** A delivery that was given to somebody who asked. */
  synchronized void add(Delivery<byte[]> delivery) {
    Delivery<byte[]> before = pulled.put(key(delivery), delivery);
    pulledBytes += delivery.bytes().length - (before == null ? 0 : before.bytes().length);
    Iterator<Delivery<byte[]>> oldest = pulled.values().iterator();
    while (pulled.size() > MOST || pulledBytes > MOST_BYTES) {
      pulledBytes -= oldest.next().bytes().length;
      oldest.remove();
    }
  }

  /**
   * A delivery that was given to somebody by a stream; to be removed by who did.
   *
   * @param whenSettled runs when it is removed
   */
  synchronized void add(Delivery<byte[]> delivery, Runnable whenSettled) {
    streamed.put(key(delivery), new Streamed(delivery, whenSettled));
  }

  /** It is settled, or given back. */
  void remove(Delivery<byte[]> delivery) {
    Streamed known;
    synchronized (this) {
      Delivery<byte[]> was = pulled.remove(key(delivery));
      pulledBytes -= was == null ? 0 : was.bytes().length;
      known = streamed.remove(key(delivery));
    }
    if (known != null) {
      known.whenSettled.run();
    }
  }

  /** The delivery of a lease; empty when the lease is not the last of the message. */
  CompletableFuture<Optional<Delivery<byte[]>>> find(
      MessageQueue<byte[]> queue, String id, long token, Node node) {
    Delivery<byte[]> held;
    synchronized (this) {
      Key key = new Key(queue.name(), id, token);
      Streamed known = streamed.get(key);
      held = known == null ? pulled.get(key) : known.delivery;
    }
    return held == null
        ? queue.leased(id, token, node.options().apply(queue.name()))
        : CompletableFuture.completedFuture(Optional.of(held));
  }

  private static Key key(Delivery<byte[]> delivery) {
    return new Key(delivery.queue(), delivery.id(), delivery.token());
  }
}
