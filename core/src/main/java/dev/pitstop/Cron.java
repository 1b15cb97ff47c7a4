package dev.pitstop;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Emitted whenever a cron expression matches the local time of a zone, strictly before the end.
 *
 * <p>Five fields as in crontab(5), six with the second first, or a name like {@code @daily}. Where
 * both day fields are restricted, either may match. As in crontab(5) a field that begins with a
 * star does not count as restricted, a step after it included: {@code 0 0 1-31/2 * MON} fires on
 * odd dates and on Mondays, and with a star for {@code 1-31} only on Mondays with an odd date.
 *
 * <p>Daylight saving: an expression that names hours fires at the end of a gap in place of all
 * times that the gap skips, and in the first pass only of times that occur twice. One whose hour is
 * {@code *}, and not {@code 0-23} or a star with a step, follows the clock: it fires whenever the
 * local time matches, in both passes, and makes up for nothing.
 *
 * <p>Equal to another when all it was made of is; runs of space in the expression count as one.
 * Immutable.
 */
public final class Cron implements Schedule {
  private final String expression;
  private final ZoneId zone;
  private final Optional<Instant> start;
  private final Optional<Instant> until;
  private final Missed missed;
  private final CronExpression parsed;

  /** Refuses an expression that is none or never fires, and an end not after the start. */
  Cron(
      String expression,
      ZoneId zone,
      Optional<Instant> start,
      Optional<Instant> until,
      Missed missed) {
    this(CronExpression.parse(expression), spaced(expression), zone, start, until, missed);
  }

  private Cron(
      CronExpression parsed,
      String expression,
      ZoneId zone,
      Optional<Instant> start,
      Optional<Instant> until,
      Missed missed) {
    this.parsed = parsed;
    this.expression = expression;
    this.zone = Objects.requireNonNull(zone, "zone");
    this.start = start.map(instant -> Times.toMillis("from", instant));
    this.until = until.map(instant -> Times.toMillis("until", instant));
    this.missed = Objects.requireNonNull(missed, "missed");
    Times.requireOrder(this.start, this.until);
    if ((start.isPresent() || until.isPresent()) && next(Instant.EPOCH.minusMillis(1)).isEmpty()) {
      throw this.until
          .map(
              end ->
                  new InvalidFieldException(
                      "until", "must be after an occurrence of the cron, which never fires", end))
          .orElseGet(
              () ->
                  new InvalidFieldException(
                      "from",
                      "must be before an occurrence of the cron, which never fires",
                      this.start.orElseThrow()));
    }
  }

  /**
   * This schedule without the occurrences before an instant.
   *
   * @throws InvalidFieldException when nothing is left
   */
  public Cron from(Instant start) {
    return new Cron(parsed, expression, zone, Optional.of(start), until, missed);
  }

  /**
   * This schedule with an end, from which on nothing is emitted.
   *
   * @throws InvalidFieldException when nothing is left
   */
  public Cron until(Instant end) {
    return new Cron(parsed, expression, zone, start, Optional.of(end), missed);
  }

  /** This schedule with another way with missed occurrences. */
  public Cron missed(Missed missed) {
    return new Cron(parsed, expression, zone, start, until, missed);
  }

  /** The cron expression, as it was given but for its spaces. */
  public String expression() {
    return expression;
  }

  /** The zone whose local time counts. */
  public ZoneId zone() {
    return zone;
  }

  /** No occurrence lies before it; empty: before the message was stored. */
  public Optional<Instant> start() {
    return start;
  }

  @Override
  public Optional<Instant> until() {
    return until;
  }

  @Override
  public Missed missed() {
    return missed;
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
    Instant base = start.filter(after::isBefore).map(from -> from.minusMillis(1)).orElse(after);
    return parsed
        .next(base, zone.getRules())
        .filter(instant -> until.isEmpty() || instant.isBefore(until.get()));
  }

  @Override
  public Cron anchored(Instant now) {
    return this;
  }

  @Override
  public Newest newest(Instant occurrence, Instant now) {
    // Halves the time between the newest known to be due and one after which none is due.
    Instant newest = occurrence;
    long end = now.getEpochSecond();
    while (newest.getEpochSecond() < end) {
      long middle = newest.getEpochSecond() + (end - newest.getEpochSecond()) / 2;
      Instant base = newest.getEpochSecond() == middle ? newest : Instant.ofEpochSecond(middle);
      Optional<Instant> next = next(base).filter(instant -> !instant.isAfter(now));
      if (next.isPresent()) {
        newest = next.get();
      } else {
        end = middle;
      }
    }
    if (newest.equals(occurrence)) {
      return new Newest(occurrence, 0);
    }
    long between = parsed.countBetween(occurrence, newest, zone.getRules(), Newest.MOST);
    return new Newest(newest, 1 + between);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cron cron
        && expression.equals(cron.expression)
        && zone.equals(cron.zone)
        && start.equals(cron.start)
        && until.equals(cron.until)
        && missed == cron.missed;
  }

  @Override
  public int hashCode() {
    return Objects.hash(expression, zone, start, until, missed);
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

  private static String spaced(String expression) {
    return expression.strip().replaceAll("\\s+", " ");
  }
}
