package dev.pitstop;

import java.time.Duration;
import java.util.Optional;

/**
 * How a listener takes and hands out messages. Immutable; each method returns a changed copy, and
 * what is out of bounds is refused with {@link InvalidFieldException}.
 *
 * <p>{@code leaseTime} and {@code pollInterval} are those of the {@link PitstopOptions} where they
 * are not set here.
 */
public final class ListenerOptions {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final ListenerOptions DEFAULTS =
      new ListenerOptions(
          16,
          512,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          RetryPolicy.defaults());

  private final int concurrency;
  private final int prefetch;
  private final boolean manualAck;
  private final Optional<Duration> leaseTime;
  private final Optional<Duration> pollInterval;
  private final Optional<Duration> handlerTimeout;
  private final RetryPolicy retry;

  private ListenerOptions(
      int concurrency,
      int prefetch,
      boolean manualAck,
      Optional<Duration> leaseTime,
      Optional<Duration> pollInterval,
      Optional<Duration> handlerTimeout,
      RetryPolicy retry) {
    this.concurrency = concurrency;
    this.prefetch = prefetch;
    this.manualAck = manualAck;
    this.leaseTime = leaseTime;
    this.pollInterval = pollInterval;
    this.handlerTimeout = handlerTimeout;
    this.retry = retry;
  }

  /** 16 handlers at once, up to 512 messages ahead, acked by returning, no handler timeout. */
  public static ListenerOptions defaults() {
    return DEFAULTS;
  }

  /**
   * How many deliveries may be in hands at once: running handlers, or with manual ack and for
   * {@code deliveries()} those not settled yet. 1 to 100,000.
   */
  public ListenerOptions concurrency(int concurrency) {
    if (concurrency < 1 || concurrency > 100_000) {
      throw new InvalidFieldException("concurrency", "must be from 1 to 100000", concurrency);
    }
    return new ListenerOptions(
        concurrency, prefetch, manualAck, leaseTime, pollInterval, handlerTimeout, retry);
  }

  /**
   * How many messages may be leased ahead of free handlers at most. 0 to 100,000. Fewer are taken
   * when handlers are slow: no more than they start within about 50 ms.
   */
  public ListenerOptions prefetch(int prefetch) {
    if (prefetch < 0 || prefetch > 100_000) {
      throw new InvalidFieldException("prefetch", "must be from 0 to 100000", prefetch);
    }
    return new ListenerOptions(
        concurrency, prefetch, manualAck, leaseTime, pollInterval, handlerTimeout, retry);
  }

  /** A handler that returns has not acked: it, or whom it gave the delivery to, settles. */
  public ListenerOptions manualAck() {
    return new ListenerOptions(
        concurrency, prefetch, true, leaseTime, pollInterval, handlerTimeout, retry);
  }

  /** How long a lease lasts; at least 1 ms. */
  public ListenerOptions leaseTime(Duration leaseTime) {
    return new ListenerOptions(
        concurrency,
        prefetch,
        manualAck,
        Optional.of(atLeast("leaseTime", leaseTime)),
        pollInterval,
        handlerTimeout,
        retry);
  }

  /**
   * How long the listener sleeps before it looks without having been woken, varied by half up and
   * down at random; at least 1 ms.
   */
  public ListenerOptions pollInterval(Duration pollInterval) {
    return new ListenerOptions(
        concurrency,
        prefetch,
        manualAck,
        leaseTime,
        Optional.of(atLeast("pollInterval", pollInterval)),
        handlerTimeout,
        retry);
  }

  /** How long a handler may run before it is interrupted and its message nacked; at least 1 ms. */
  public ListenerOptions handlerTimeout(Duration handlerTimeout) {
    return new ListenerOptions(
        concurrency,
        prefetch,
        manualAck,
        leaseTime,
        pollInterval,
        Optional.of(atLeast("handlerTimeout", handlerTimeout)),
        retry);
  }

  /** What becomes of messages that fail. */
  public ListenerOptions retry(RetryPolicy retry) {
    return new ListenerOptions(
        concurrency, prefetch, manualAck, leaseTime, pollInterval, handlerTimeout, retry);
  }

  /** See {@link #concurrency(int)}. */
  public int concurrency() {
    return concurrency;
  }

  /** See {@link #prefetch(int)}. */
  public int prefetch() {
    return prefetch;
  }

  /** Whether {@link #manualAck()} was set. */
  public boolean isManualAck() {
    return manualAck;
  }

  /** See {@link #leaseTime(Duration)}. */
  public Optional<Duration> leaseTime() {
    return leaseTime;
  }

  /** See {@link #pollInterval(Duration)}. */
  public Optional<Duration> pollInterval() {
    return pollInterval;
  }

  /** See {@link #handlerTimeout(Duration)}. */
  public Optional<Duration> handlerTimeout() {
    return handlerTimeout;
  }

  /** See {@link #retry(RetryPolicy)}. */
  public RetryPolicy retry() {
    return retry;
  }

  private static Duration atLeast(String field, Duration value) {
    if (value.compareTo(LEAST) < 0) {
      throw new InvalidFieldException(field, "must be at least PT0.001S", value);
    }
    return value;
  }
}
