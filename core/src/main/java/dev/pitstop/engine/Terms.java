package dev.pitstop.engine;

import dev.pitstop.ListenerOptions;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What holds for one listener: its own options, filled up with those of its Pitstop. */
record Terms(
    Duration leaseTime,
    Duration pollInterval,
    Optional<Duration> handlerTimeout,
    RetryPolicy retry) {

  /** So long that nobody sees the difference to longer, and sums do not overflow. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Brings down what is longer than a century; leases last whole milliseconds. */
  Terms {
    leaseTime = atMostACentury(leaseTime).truncatedTo(ChronoUnit.MILLIS);
    pollInterval = atMostACentury(pollInterval);
  }

  static Terms of(ListenerOptions listener, PitstopOptions pitstop) {
    return new Terms(
        listener.leaseTime().orElse(pitstop.leaseTime()),
        listener.pollInterval().orElse(pitstop.pollInterval()),
        listener.handlerTimeout(),
        listener.retry());
  }

  static Duration atMostACentury(Duration duration) {
    return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
  }

  /** How late a first attempt may be before its occurrence counts as missed. */
  Duration missedAfter() {
    return pollInterval.multipliedBy(2);
  }
}
