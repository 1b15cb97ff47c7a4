package dev.pitstop;

import java.time.Instant;
import java.util.Optional;

/** Emitted once, at an instant kept to the millisecond. */
public record Once(Instant at) implements Schedule {
  /** Refuses what lies outside the years 1970 to 9999. */
  public Once {
    at = Times.toMillis("at", at);
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
