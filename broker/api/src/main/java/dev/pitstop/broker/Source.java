package dev.pitstop.broker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A place whose messages are handed out, each until it is acked or nacked. Thread-safe.
 *
 * <p>A connection that is lost is made anew by itself; what was in hands then comes again, or can
 * be settled as before. A message that was nacked comes again after a second or more, so that a
 * destination that is away is not run into in a loop.
 */
public interface Source extends AutoCloseable {
  /** What it hands out from, with nothing secret in it. */
  String name();

  /**
   * Begins to hand out; once.
   *
   * @param inFlight so many at most that are neither acked nor nacked; 1 or more
   * @param receiver gets each message, in the source's order, where there is one from one thread at
   *     a time; must not block
   */
  void start(int inFlight, Consumer<Received> receiver);

  /**
   * Hands out nothing more. What is in hands may still be settled. May be called again.
   *
   * @return completes when nothing is in hands any more, or the time is over
   */
  CompletableFuture<Void> stop(Duration drain);

  /** Ends the connection; what is in hands comes again. May be called again. */
  @Override
  void close();
}
