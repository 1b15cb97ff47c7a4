package dev.pitstop.lines;

import dev.pitstop.Cron;
import dev.pitstop.Every;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Missed;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Option;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The schedule that is given by fields: one of {@code at}, a delay, {@code every} and {@code cron},
 * and what goes with it. Without any it is now.
 *
 * @param delay the name of the field that has the delay
 * @param names the names of the fields that are there; others than those of schedules may be among
 *     them
 * @param text the text of a field
 */
public record ScheduleFields(
    String delay, Set<String> names, Function<String, Optional<String>> text) {
  /**
   * The schedule.
   *
   * @throws PitstopException when the fields do not make one, with the reason
   */
  public Schedule schedule() {
    List<String> times = Stream.of("at", delay, "every", "cron").filter(names::contains).toList();
    if (times.size() > 1) {
      throw new PitstopException(
          "only one of at, "
              + delay
              + ", every and cron may be given, not "
              + String.join(" and ", times));
    }
    String kind = times.isEmpty() ? delay : times.get(0);
    String value = text.apply(kind).orElse("0s");
    if (!kind.equals("cron")) {
      none(List.of("zone"), "goes with cron only");
    }
    if (kind.equals("every")) {
      return every(Option.parseDuration("every", value));
    }
    if (kind.equals("cron")) {
      return cron(value);
    }
    none(List.of("from", "until", "missed"), "goes with every or cron only");
    return kind.equals("at")
        ? Schedule.at(Times.parse("at", value))
        : Schedule.in(Option.parseDuration(delay, value));
  }

  private Schedule every(Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidFieldException("every", "must be at least 1ms", interval);
    }
    Every every = Schedule.every(interval).missed(missed());
    Optional<Instant> from = time("from");
    every = from.isPresent() ? every.from(from.get()) : every;
    Optional<Instant> until = time("until");
    return until.isPresent() ? every.until(until.get()) : every;
  }

  private Schedule cron(String expression) {
    ZoneId zone = Times.zone("zone", text.apply("zone").orElse("UTC"));
    Cron cron = Schedule.cron(expression, zone).missed(missed());
    Optional<Instant> from = time("from");
    cron = from.isPresent() ? cron.from(from.get()) : cron;
    Optional<Instant> until = time("until");
    return until.isPresent() ? cron.until(until.get()) : cron;
  }

  private Optional<Instant> time(String name) {
    return text.apply(name).map(value -> Times.parse(name, value));
  }

  private Missed missed() {
    return text.apply("missed")
        .map(word -> Words.parse("missed", Missed.class, word))
        .orElse(Missed.EACH);
  }

  private void none(List<String> unwanted, String otherwise) {
    for (String name : unwanted) {
      if (names.contains(name)) {
        throw new PitstopException(name + " " + otherwise);
      }
    }
  }
}
