package dev.pitstop.spi;

import java.time.Duration;
import java.util.List;

/** The options that every address may carry. */
public final class AddressOptions {
  private static final Duration LEAST = Duration.ofMillis(1);

  /** See {@link dev.pitstop.PitstopOptions}. */
  public static final Option<Duration> LEASE_TIME =
      Option.duration(
          "leaseTime", LEAST, "15m", "How long a lease lasts unless the listener says.");

  /** See {@link dev.pitstop.PitstopOptions}. */
  public static final Option<Duration> POLL_INTERVAL =
      Option.duration(
          "pollInterval",
          LEAST,
          "1m",
          "How long a listener sleeps at most, about, before it looks without having been woken.");

  /** See {@link dev.pitstop.PitstopOptions}. */
  public static final Option<Duration> CALL_TIMEOUT =
      Option.duration(
          "callTimeout",
          LEAST,
          "10s",
          "After how long a call fails that the store leaves unanswered.");

  /** See {@link dev.pitstop.PitstopOptions}. */
  public static final Option<Long> MAX_BODY =
      Option.number(
          "maxBody",
          0,
          Integer.MAX_VALUE,
          Integer.toString(1 << 20),
          "How many bytes a body has at most.");

  private AddressOptions() {}

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(LEASE_TIME, POLL_INTERVAL, CALL_TIMEOUT, MAX_BODY);
  }
}
