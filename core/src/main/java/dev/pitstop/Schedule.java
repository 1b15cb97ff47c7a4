package dev.pitstop;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a message is emitted: once at an instant, once after a delay, or again and again. Immutable.
 *
 * <p>A schedule alone says which occurrences there are; nothing depends on when one was handled.
 * Instants are kept to the millisecond and end with the year 9999.
 */
public sealed interface Schedule permits Once, Delayed, Every, Cron {
  /** The last instant that is kept: the end of the year 9999. */
  Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Once, at an instant; a past one means now. */
  static Once at(Instant at) {
    return new Once(at);
  }

  /** Once, a delay after it was stored. */
  static Delayed in(Duration delay) {
    return new Delayed(delay);
  }

  /**
   * Again and again at an interval: until removed, and first one interval after it was stored. See
   * {@link Every#from} and {@link Every#until}.
   */
  static Every every(Duration interval) {
    return new Every(interval, Optional.empty(), Optional.empty(), Missed.EACH);
  }

  /**
   * Whenever a cron expression matches the local time of a zone.
   *
   * @throws InvalidFieldException when the expression is none or never fires
   */
  static Cron cron(String expression, ZoneId zone) {
    return new Cron(expression, zone, Optional.empty(), Optional.empty(), Missed.EACH);
  }

  /**
   * The schedule that a text stands for.
   *
   * @param text what {@link Object#toString} of a schedule gave; durations may also be written as
   *     {@code 90s} or {@code 1h30m}
   * @throws InvalidFieldException when it is none
   */
  static Schedule parse(String text) {
    return ScheduleText.parse(text);
  }

  /** The first occurrence of a message that is stored now; empty when there is none. */
  Optional<Instant> first(Instant now);

  /** The first occurrence strictly later than an instant; empty when there is none any more. */
  Optional<Instant> next(Instant after);

  /** Whether there may be more than one occurrence. */
  boolean recurring();

  /** From when on nothing is emitted; empty: never. */
  Optional<Instant> until();

  /** What becomes of occurrences that were missed. */
  Missed missed();

  /** This schedule with all that was relative to the time of storing made absolute. */
  Schedule anchored(Instant now);

  /**
   * The next {@code n} occurrences of a message that is stored now, by the machine's clock; fewer
   * when there are no more.
   */
  default List<Instant> next(int n) {
    return next(n, Instant.now());
  }

  /**
   * The first {@code n} occurrences strictly later than an instant, at which the message is stored;
   * fewer when there are no more.
   */
  default List<Instant> next(int n, Instant after) {
    List<Instant> occurrences = new ArrayList<>();
    if (first(after).isEmpty()) {
      return occurrences;
    }
    Schedule schedule = anchored(after);
    Optional<Instant> next = schedule.next(after);
    while (occurrences.size() < n && next.isPresent()) {
      occurrences.add(next.get());
      next = schedule.next(next.get());
    }
    return occurrences;
  }

  /**
   * The newest occurrence that is due, counted from one that is.
   *
   * @param occurrence that is due, not later than {@code now}; it need not be one of the schedule's
   */
  Newest newest(Instant occurrence, Instant now);

  /**
   * The newest occurrence that is due.
   *
   * @param occurrence not later than the now that was asked for
   * @param skipped how many occurrences lie before it, back to the one that was counted from, which
   *     counts too; a million stands for all larger numbers
   */
  record Newest(Instant occurrence, long skipped) {
    static final long MOST = 1_000_000;

    /** Brings down to a million what is larger. */
    public Newest {
      skipped = Math.min(skipped, MOST);
    }
  }
}
