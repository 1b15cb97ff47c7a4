package dev.pitstop;

import java.time.Duration;
import java.util.Objects;

/**
 * What holds for all queues of a Pitstop. Immutable; each method returns a changed copy, and what
 * is out of bounds is refused with {@link InvalidFieldException}.
 *
 * @param leaseTime how long a lease lasts unless the listener says; default 15 minutes
 * @param pollInterval how long a listener sleeps before it looks without having been woken, varied
 *     by half up and down at random; default 1 minute
 * @param callTimeout after how long a call fails that the store does not answer; default 10 seconds
 * @param maxBody how many bytes a body has at most; default 1 MiB
 */
public record PitstopOptions(
    Duration leaseTime, Duration pollInterval, Duration callTimeout, int maxBody) {
  private static final Duration LEAST = Duration.ofMillis(1);

  /** Refuses what is out of bounds. */
  public PitstopOptions {
    atLeast("leaseTime", leaseTime);
    atLeast("pollInterval", pollInterval);
    atLeast("callTimeout", callTimeout);
    if (maxBody < 0) {
      throw new InvalidFieldException("maxBody", "must be at least 0 bytes", maxBody);
    }
  }

  /** The defaults. */
  public static PitstopOptions defaults() {
    return new PitstopOptions(
        Duration.ofMinutes(15), Duration.ofMinutes(1), Duration.ofSeconds(10), 1 << 20);
  }

  /** With another lease time; at least 1 ms. */
  public PitstopOptions leaseTime(Duration leaseTime) {
    return new PitstopOptions(leaseTime, pollInterval, callTimeout, maxBody);
  }

  /** With another poll interval; at least 1 ms. */
  public PitstopOptions pollInterval(Duration pollInterval) {
    return new PitstopOptions(leaseTime, pollInterval, callTimeout, maxBody);
  }

  /** With another call timeout; at least 1 ms. */
  public PitstopOptions callTimeout(Duration callTimeout) {
    return new PitstopOptions(leaseTime, pollInterval, callTimeout, maxBody);
  }

  /** With another largest body, in bytes. */
  public PitstopOptions maxBody(int maxBody) {
    return new PitstopOptions(leaseTime, pollInterval, callTimeout, maxBody);
  }

  private static void atLeast(String field, Duration value) {
    Objects.requireNonNull(value, field);
    if (value.compareTo(LEAST) < 0) {
      throw new InvalidFieldException(field, "must be at least PT0.001S", value);
    }
  }
}
