package dev.pitstop.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until it is moved; moving it wakes nobody. Thread-safe. */
public final class TestClock implements InstantSource {
  private Instant now;

  private TestClock(Instant now) {
    this.now = now;
  }

  /** A clock that stands at the beginning of 2030, in UTC. */
  public static TestClock create() {
    return at(Instant.parse("2030-01-01T00:00:00Z"));
  }

  /** A clock that stands at an instant. */
  public static TestClock at(Instant start) {
    return new TestClock(Objects.requireNonNull(start, "start"));
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /**
   * Moves it on.
   *
   * @return where it stands now
   * @throws IllegalArgumentException when the duration is negative; {@link #set} moves it back
   */
  public synchronized Instant advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration must not be negative, was " + duration);
    }
    now = now.plus(duration);
    return now;
  }

  /** Moves it to an instant, which may lie in its past. */
  public synchronized void set(Instant instant) {
    now = Objects.requireNonNull(instant, "instant");
  }

  /** Where it stands. */
  @Override
  public String toString() {
    return "TestClock at " + instant();
  }
}
