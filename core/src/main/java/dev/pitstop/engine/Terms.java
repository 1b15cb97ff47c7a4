package dev.pitstop.engine;

import dev.pitstop.ListenerOptions;
import dev.pitstop.PitstopOptions;
import dev.pitstop.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/** What holds for one listener: its own options, filled up with those of its Pitstop. */
record Terms(
    Duration leaseTime,
    Duration pollInterval,
    Optional<Duration> handlerTimeout,
    RetryPolicy retry) {

  static Terms of(ListenerOptions listener, PitstopOptions pitstop) {
    return new Terms(
        listener.leaseTime().orElse(pitstop.leaseTime()),
        listener.pollInterval().orElse(pitstop.pollInterval()),
        listener.handlerTimeout(),
        listener.retry());
  }

  /** How late a first attempt may be before its occurrence counts as missed. */
  Duration missedAfter() {
    return pollInterval.multipliedBy(2);
  }
}
