package dev.pitstop;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * A cron expression that fires some day, and its occurrences in a zone. Immutable.
 *
 * <p>Local times are counted like instants, in seconds since the local 1970-01-01T00:00.
 */
final class CronExpression {
  /*
   * An expression that names hours maps each local time that matches to one instant: a skipped one
   * to the end of its gap, a repeated one to its first pass. This map never goes backwards, so the
   * next occurrence is that of the next local time, unless that lies in the repeated hour whose
   * first pass is over.
   *
   * An expression whose hour is a star maps each instant to its local time instead. Between two
   * transitions of the zone that is a fixed shift; so each such stretch is searched by itself.
   */

  private static final long DAY = 86_400;
  private static final long LAST = Times.LAST.getEpochSecond();
  private static final long NEVER = Long.MAX_VALUE;

  private final CronTimes times;
  private final CronDays days;
  private final boolean everyHour;

  /**
   * An expression.
   *
   * @param everyHour whether its hour field is a star, so that it follows the clock
   */
  CronExpression(CronTimes times, CronDays days, boolean everyHour) {
    this.times = times;
    this.days = days;
    this.everyHour = everyHour;
  }

  /**
   * The expression that a text stands for.
   *
   * @throws InvalidFieldException when it is none or never fires
   */
  static CronExpression parse(String text) {
    return CronParser.parse(text);
  }

  /** Whether it fires at all; the search ends after a cycle of the calendar. */
  boolean fires() {
    return days.after(LocalDate.EPOCH) != null;
  }

  /** The first occurrence strictly later than an instant, from 1970 to 9999. */
  Optional<Instant> next(Instant after, ZoneRules rules) {
    if (after.getEpochSecond() >= LAST) {
      return Optional.empty();
    }
    long next = next(Math.max(-1, after.getEpochSecond()), rules);
    return next > LAST ? Optional.empty() : Optional.of(Instant.ofEpochSecond(next));
  }

  /**
   * How many occurrences lie strictly between two instants, counted until {@code enough} or a
   * little more.
   *
   * <p>A day on which the zone's clock runs evenly is counted by its fields, others one by one.
   */
  long countBetween(Instant after, Instant before, ZoneRules rules, long enough) {
    long to = before.getEpochSecond();
    long at = after.getEpochSecond() + 1;
    long count = 0;
    while (at < to && count < enough) {
      long local = at + offset(at, rules);
      int second = (int) Math.floorMod(local, DAY);
      long end = Math.min(to, at + DAY - second);
      // A clock put back by up to a day still repeats times so long afterwards.
      ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochSecond(at - DAY - 1));
      if (change != null && change.toEpochSecond() <= end) {
        for (long next = next(at - 1, rules); next < end; next = next(next, rules)) {
          count++;
        }
      } else if (days.has(LocalDate.ofEpochDay(Math.floorDiv(local, DAY)))) {
        count += times.before(second + (int) (end - at)) - times.before(second);
      }
      at = end;
    }
    return count;
  }

  private long next(long after, ZoneRules rules) {
    return everyHour ? nextByClock(after, rules) : nextByHours(after, rules);
  }

  private long nextByHours(long after, ZoneRules rules) {
    long local = nextLocal(after + offset(after, rules) + 1);
    while (local != NEVER) {
      LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
      List<ZoneOffset> offsets = rules.getValidOffsets(time);
      if (offsets.isEmpty()) {
        return rules.getTransition(time).toEpochSecond();
      }
      long next = local - offsets.get(0).getTotalSeconds();
      if (next > after) {
        return next;
      }
      local = nextLocal(localSeconds(rules.getTransition(time).getDateTimeBefore()));
    }
    return NEVER;
  }

  private long nextByClock(long after, ZoneRules rules) {
    long first = after + 1;
    long offset = offset(after, rules);
    ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochSecond(after));
    while (true) {
      long local = nextLocal(first + offset);
      if (local == NEVER) {
        return NEVER;
      }
      long next = local - offset;
      if (change == null || next < change.toEpochSecond() || change.toEpochSecond() > LAST) {
        return next;
      }
      first = change.toEpochSecond();
      offset = change.getOffsetAfter().getTotalSeconds();
      change = rules.nextTransition(change.getInstant());
    }
  }

  /** The first local time not before one that matches all fields. */
  private long nextLocal(long from) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(from, DAY));
    if (days.has(date)) {
      int time = times.atOrAfter((int) Math.floorMod(from, DAY));
      if (time >= 0) {
        return date.toEpochDay() * DAY + time;
      }
    }
    LocalDate next = days.after(date);
    return next == null ? NEVER : next.toEpochDay() * DAY + times.first();
  }

  private static long offset(long second, ZoneRules rules) {
    return rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
  }

  private static long localSeconds(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC);
  }
}
