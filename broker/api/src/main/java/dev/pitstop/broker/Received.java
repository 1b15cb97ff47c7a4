package dev.pitstop.broker;

import dev.pitstop.Message;
import java.util.concurrent.CompletableFuture;

/**
 * A message in hands, until it is acked or nacked. The first of these calls counts. Thread-safe.
 */
public interface Received {
  /**
   * The message. It has an id where its source knows one that no other message there has; the same
   * when it is handed out again.
   */
  Message<byte[]> message();

  /**
   * Done with it.
   *
   * @return completes when the source has been told; exceptionally when it could not be, and then
   *     the message may come again
   */
  CompletableFuture<Void> ack();

  /**
   * Not done: it comes again later, or goes where its source puts what fails.
   *
   * @param failure what came in between
   * @return as for {@link #ack}
   */
  CompletableFuture<Void> nack(SendException failure);
}
