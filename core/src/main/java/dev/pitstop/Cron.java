package dev.pitstop;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * Emitted whenever a cron expression matches the local time of a zone, strictly before the end.
 *
 * @param expression five fields as in crontab(5), six with seconds first, or a name like
 *     {@code @daily}
 * @param zone whose local time counts
 * @param start no occurrence lies before it; empty: before the message was stored
 * @param until from when on nothing is emitted; empty: never
 * @param missed what becomes of occurrences that were missed
 */
@SuppressWarnings("DoNotCallSuggester")
public record Cron(
    String expression, ZoneId zone, Optional<Instant> start, Optional<Instant> until, Missed missed)
    implements Schedule {

  /** Refuses an expression that is none or never fires, and an end not after the start. */
  public Cron {
    Objects.requireNonNull(expression, "expression");
    Objects.requireNonNull(zone, "zone");
    start = start.map(instant -> Times.toMillis("from", instant));
    until = until.map(instant -> Times.toMillis("until", instant));
    if (start.isPresent() && until.isPresent() && !until.get().isAfter(start.get())) {
      throw new InvalidFieldException(
          "until", "must be after from (" + start.get() + ")", until.get());
    }
    Objects.requireNonNull(missed, "missed");
    CronExpression.parse(expression);
  }

  /** This schedule without the occurrences before an instant. */
  public Cron from(Instant start) {
    return new Cron(expression, zone, Optional.of(start), until, missed);
  }

  /** This schedule with an end, from which on nothing is emitted. */
  public Cron until(Instant end) {
    return new Cron(expression, zone, start, Optional.of(end), missed);
  }

  /** This schedule with another way with missed occurrences. */
  public Cron missed(Missed missed) {
    return new Cron(expression, zone, start, until, missed);
  }

  @Override
  public boolean recurring() {
    return true;
  }

  @Override
  public Optional<Instant> first(Instant now) {
    return next(start.map(from -> from.minusMillis(1)).orElse(now));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    throw new UnsupportedOperationException("cron is not built yet");
  }

  @Override
  public Cron anchored(Instant now) {
    return this;
  }

  @Override
  public Newest newest(Instant occurrence, Instant now) {
    throw new UnsupportedOperationException("cron is not built yet");
  }

  /**
   * {@code cron EXPRESSION zone .. from .. until .. missed ..}, what is at its default left out.
   */
  @Override
  public String toString() {
    return "cron "
        + expression
        + " zone "
        + zone.getId()
        + ScheduleText.bounds(start, until, missed);
  }
}
