package dev.pitstop;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One emission of a message, held under a lease. Safe for use by many threads.
 *
 * <p>The first settle counts: {@link #ack}, {@link #nack(String)}, {@link #release}, {@link #bury}
 * and {@link #reschedule} each end the delivery, and calling any of them again repeats the first
 * answer. A future is {@code true} when the settle took effect and {@code false} when the lease was
 * lost (it ran out and the message was leased again, replaced or removed), in which case nothing
 * was changed. It fails with {@link StoreUnavailableException} when the store did not answer; then
 * the settle may be tried again.
 */
public interface Delivery<T> {
  /** The queue that the message comes from. */
  String queue();

  /** The message's id. */
  String id();

  /** The body, as the queue's codec reads it. */
  T body();

  /** The body's bytes as they were stored; not to be changed. */
  byte[] bytes();

  /** The media type of the body. */
  String contentType();

  /** The message's headers, in the order they were given. */
  Map<String, String> headers();

  /** The message's schedule; empty for one that is emitted once. */
  Optional<Schedule> schedule();

  /** The occurrence that this emission stands for, whatever retries lay between. */
  Instant scheduledFor();

  /** How many missed occurrences this emission stands for besides its own. */
  long missed();

  /** When the message was leased, by the store's clock. */
  Instant emittedAt();

  /** Which attempt at this occurrence this is; the first is 1. */
  int attempt();

  /** The error of the last attempt that failed, if there was one. */
  Optional<String> lastError();

  /** A number larger than that of any earlier lease of this message, to fence off stale holders. */
  long token();

  /** Until when the message is kept from others, by the store's clock. */
  Instant leasedUntil();

  /**
   * Whether the lease is known to be lost or has run out; what the handler does may be repeated.
   */
  boolean leaseLost();

  /** Done with it: a one-time message is removed, a recurring one waits for its next occurrence. */
  CompletableFuture<Boolean> ack();

  /**
   * Failed: it comes back after the delay of the listener's retry policy, or is buried after the
   * last attempt.
   *
   * @param error what went wrong; kept as the message's last error, cut to 4 KiB of UTF-8
   */
  CompletableFuture<Boolean> nack(String error);

  /** Failed: it comes back after a delay, or is buried after the last attempt. */
  CompletableFuture<Boolean> nack(String error, Duration delay);

  /** Given back at once; the attempt is not counted. */
  CompletableFuture<Boolean> release();

  /** Set aside, with the reason as its last error, until requeued or removed. */
  CompletableFuture<Boolean> bury(String reason);

  /** To be emitted anew at an instant, with attempts from zero; a past one means now. */
  CompletableFuture<Boolean> reschedule(Instant at);

  /**
   * What the store offers for this delivery besides, by the type that its module has for it.
   *
   * @throws PitstopException when the store has nothing of that type
   */
  <U> U unwrap(Class<U> type);

  /**
   * Keeps the lease for a duration from now. Not a settle: it can be repeated.
   *
   * @throws InvalidFieldException when the duration is under 1 ms
   */
  CompletableFuture<Boolean> extend(Duration duration);
}
