package dev.pitstop;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Emitted once, a delay after it was stored, by the store's clock.
 *
 * @param delay zero or a past one means now; what ends after the year 9999 is refused when stored
 */
public record Delayed(Duration delay) implements Schedule {
  /** Refuses null. */
  public Delayed {
    Objects.requireNonNull(delay, "delay");
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return Optional.of(anchored(now).at());
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.empty();
  }

  @Override
  public boolean recurring() {
    return false;
  }

  @Override
  public Optional<Instant> until() {
    return Optional.empty();
  }

  @Override
  public Missed missed() {
    return Missed.EACH;
  }

  /** The instant that the delay ends at; never earlier than the delay is long. */
  @Override
  public Once anchored(Instant now) {
    if (delay.isNegative()) {
      return new Once(now);
    }
    return new Once(Times.ceilToMillis("delay", Times.plus("delay", now, delay)));
  }

  @Override
  public Newest newest(Instant occurrence, Instant now) {
    return new Newest(occurrence, 0);
  }

  @Override
  public String toString() {
    return "in " + delay;
  }
}
