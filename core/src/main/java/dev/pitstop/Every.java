package dev.pitstop;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * Emitted at start + k * interval, strictly before the end. The grid never drifts.
 *
 * @param interval at least 1 ms, in whole milliseconds
 * @param start the first occurrence; empty: one interval after the message was stored
 * @param until from when on nothing is emitted; empty: never
 * @param missed what becomes of occurrences that were missed
 */
public record Every(
    Duration interval, Optional<Instant> start, Optional<Instant> until, Missed missed)
    implements Schedule {

  /** Refuses an interval under 1 ms or with a part of one, and an end not after the start. */
  public Every {
    Objects.requireNonNull(interval, "interval");
    if (interval.compareTo(Duration.ofMillis(1)) < 0
        || !interval.equals(interval.truncatedTo(ChronoUnit.MILLIS))) {
      throw new InvalidFieldException(
          "interval", "must be at least PT0.001S and in whole milliseconds", interval);
    }
    start = start.map(instant -> Times.toMillis("from", instant));
    until = until.map(instant -> Times.toMillis("until", instant));
    Times.requireOrder(start, until);
    Objects.requireNonNull(missed, "missed");
  }

  /** This schedule with its first occurrence at an instant. */
  public Every from(Instant start) {
    return new Every(interval, Optional.of(start), until, missed);
  }

  /** This schedule with an end, from which on nothing is emitted. */
  public Every until(Instant end) {
    return new Every(interval, start, Optional.of(end), missed);
  }

  /** This schedule with another way with missed occurrences. */
  public Every missed(Missed missed) {
    return new Every(interval, start, until, missed);
  }

  @Override
  public boolean recurring() {
    return true;
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return Optional.of(start.orElseGet(() -> firstFrom(now))).filter(this::beforeEnd);
  }

  /** Without a start there is no grid yet; then it is counted from {@code after}. */
  @Override
  public Optional<Instant> next(Instant after) {
    if (start.isEmpty()) {
      return Times.plus(after, interval).filter(this::beforeEnd);
    }
    Instant first = start.get();
    if (after.isBefore(first)) {
      return Optional.of(first);
    }
    return Times.plus(first, interval.multipliedBy(stepsUpTo(after) + 1)).filter(this::beforeEnd);
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidFieldException when the end comes before the first occurrence
   */
  @Override
  public Every anchored(Instant now) {
    return start.isPresent() ? this : from(firstFrom(now));
  }

  @Override
  public Newest newest(Instant occurrence, Instant now) {
    Instant limit =
        until.filter(end -> !end.isAfter(now)).map(end -> end.minusMillis(1)).orElse(now);
    if (start.isEmpty() || limit.isBefore(occurrence)) {
      return new Newest(occurrence, 0);
    }
    long steps = stepsUpTo(limit);
    long skipped = steps - stepsUpTo(occurrence);
    return skipped == 0
        ? new Newest(occurrence, 0)
        : new Newest(start.get().plus(interval.multipliedBy(steps)), skipped);
  }

  /** {@code every PT1H from .. until .. missed ..}, what is at its default left out. */
  @Override
  public String toString() {
    return "every " + interval + ScheduleText.bounds(start, until, missed);
  }

  private Instant firstFrom(Instant now) {
    return Times.ceilToMillis("interval", Times.plus("interval", now, interval));
  }

  private long stepsUpTo(Instant instant) {
    return Duration.between(start.orElseThrow(), instant).dividedBy(interval);
  }

  private boolean beforeEnd(Instant instant) {
    return until.isEmpty() || instant.isBefore(until.get());
  }
}
