package dev.pitstop.broker;

import dev.pitstop.Message;
import java.util.concurrent.CompletableFuture;

/** Where a relay passes messages on to. Thread-safe. */
@FunctionalInterface
public interface Onward {
  /**
   * Passes a message on, without blocking.
   *
   * @return completes when it is kept there; otherwise with a failure, best a {@link SendException}
   */
  CompletableFuture<Void> pass(Message<byte[]> message);
}
