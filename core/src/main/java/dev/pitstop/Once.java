package dev.pitstop;

import java.time.Instant;
import java.util.Optional;

/**
 * Emitted once.
 *
 * @param at kept to the millisecond, rounded up so that nothing is early; one in the past means
 *     now, so that any before 1970 is kept as 1970
 */
public record Once(Instant at) implements Schedule {
  /** Refuses what lies beyond the year 9999. */
  public Once {
    at = at.isBefore(Instant.EPOCH) ? Instant.EPOCH : Times.ceilToMillis("at", at);
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return Optional.of(at);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return at.isAfter(after) ? Optional.of(at) : Optional.empty();
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

  @Override
  public Schedule anchored(Instant now) {
    return this;
  }

  @Override
  public Newest newest(Instant occurrence, Instant now) {
    return new Newest(occurrence, 0);
  }

  @Override
  public String toString() {
    return "at " + at;
  }
}
