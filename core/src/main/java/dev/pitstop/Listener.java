package dev.pitstop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Takes what is due from a queue and hands it out, until it is stopped. Thread-safe. */
public interface Listener {
  /** The queue that is listened to. */
  String queue();

  /** How it fares. */
  ListenerHealth health();

  /**
   * Stops handing out. Deliveries in hands may settle for 30 seconds; what was leased and not
   * handed out is released at once. May be called again, from any thread, a handler's included.
   *
   * @return completes when no delivery is in hands any more, or the drain time is over
   */
  CompletableFuture<Void> stop();

  /**
   * Stops, giving deliveries in hands this long to settle. Of several calls the shortest time
   * counts.
   */
  CompletableFuture<Void> stop(Duration drainTime);
}
