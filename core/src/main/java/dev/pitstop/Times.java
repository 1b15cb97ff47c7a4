package dev.pitstop;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/** The bounds of the instants that are kept: from 1970 to the end of 9999, in milliseconds. */
final class Times {
  /** The last instant that is kept. */
  static final Instant LAST = Schedule.LAST;

  private static final String LIMIT = "must lie from " + Instant.EPOCH + " to " + LAST;

  private Times() {}

  /** An instant without what is finer than a millisecond; refuses one that is not kept. */
  static Instant toMillis(String field, Instant instant) {
    Objects.requireNonNull(instant, field);
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST.plusMillis(1).minusNanos(1))) {
      throw new InvalidFieldException(field, LIMIT, instant);
    }
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The first whole millisecond not earlier than an instant, or the last that is kept; refuses an
   * instant beyond that.
   */
  static Instant ceilToMillis(String field, Instant instant) {
    Instant floor = toMillis(field, instant);
    return floor.equals(instant) || floor.equals(LAST) ? floor : floor.plusMillis(1);
  }

  /** Refuses an end that is not after the start. */
  static void requireOrder(Optional<Instant> start, Optional<Instant> until) {
    if (start.isPresent() && until.isPresent() && !until.get().isAfter(start.get())) {
      throw new InvalidFieldException(
          "until", "must be after from (" + start.get() + ")", until.get());
    }
  }

  /** An instant later by a duration; refuses one that is not kept, naming the duration. */
  static Instant plus(String field, Instant instant, Duration duration) {
    Optional<Instant> sum = plus(instant, duration);
    return sum.orElseThrow(() -> new InvalidFieldException(field, "must end by " + LAST, duration));
  }

  /** An instant later by a duration; empty when it is not kept. */
  static Optional<Instant> plus(Instant instant, Duration duration) {
    try {
      Instant sum = instant.plus(duration);
      return sum.isAfter(LAST) ? Optional.empty() : Optional.of(sum);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
