package dev.pitstop;

import dev.pitstop.spi.Option;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Schedules as text, the form that stores keep.
 *
 * <p>A kind with its value, then words and their values in any order: {@code every PT1H from
 * 2026-01-01T00:00:00Z}, {@code cron 0 9 * * MON-FRI zone Europe/Oslo missed LATEST}. Words may be
 * added; one that is there keeps its meaning, since stored messages carry it.
 */
final class ScheduleText {
  private final String text;
  private final Deque<String> words;
  private Optional<ZoneId> zone = Optional.empty();
  private Optional<Instant> start = Optional.empty();
  private Optional<Instant> until = Optional.empty();
  private Optional<Missed> missed = Optional.empty();

  private ScheduleText(String text) {
    this.text = text;
    this.words = new ArrayDeque<>(List.of(text.strip().split("\\s+", -1)));
  }

  /** What follows the kind of a recurring schedule; what is at its default is left out. */
  static String bounds(Optional<Instant> start, Optional<Instant> until, Missed missed) {
    StringBuilder bounds = new StringBuilder();
    start.ifPresent(instant -> bounds.append(" from ").append(instant));
    until.ifPresent(instant -> bounds.append(" until ").append(instant));
    if (missed != Missed.EACH) {
      bounds.append(" missed ").append(missed);
    }
    return bounds.toString();
  }

  static Schedule parse(String text) {
    return new ScheduleText(text).schedule();
  }

  private Schedule schedule() {
    String kind = words.remove();
    Schedule schedule =
        switch (kind) {
          case "at" -> Schedule.at(instant(kind));
          case "in" -> Schedule.in(Option.parseDuration("delay", value(kind)));
          case "every" -> every(Option.parseDuration("interval", value(kind)));
          case "cron" -> cron(expression());
          default -> throw refused("must begin with at, in, every or cron");
        };
    if (!words.isEmpty()) {
      throw refused("must end before '" + words.getFirst() + "'");
    }
    return schedule;
  }

  private Every every(Duration interval) {
    readBounds();
    if (zone.isPresent()) {
      throw refused("must have no zone, as intervals do not follow local time");
    }
    return new Every(interval, start, until, missed.orElse(Missed.EACH));
  }

  private Cron cron(String expression) {
    readBounds();
    return new Cron(
        expression,
        zone.orElseThrow(() -> refused("must name the zone after the cron expression")),
        start,
        until,
        missed.orElse(Missed.EACH));
  }

  private String expression() {
    List<String> fields = new ArrayList<>();
    while (!words.isEmpty() && !words.getFirst().equals("zone")) {
      fields.add(words.remove());
    }
    return String.join(" ", fields);
  }

  private void readBounds() {
    while (!words.isEmpty()) {
      String word = words.remove();
      switch (word) {
        case "zone" -> zone = once(word, zone, zone());
        case "from" -> start = once(word, start, instant(word));
        case "until" -> until = once(word, until, instant(word));
        case "missed" -> missed = once(word, missed, missed());
        default ->
            throw refused("must have from, until, missed or zone in place of '" + word + "'");
      }
    }
  }

  private <T> Optional<T> once(String word, Optional<T> before, T value) {
    if (before.isPresent()) {
      throw refused("must have " + word + " once only");
    }
    return Optional.of(value);
  }

  private Instant instant(String word) {
    String value = value(word);
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new InvalidFieldException(word, "must be an instant as 2026-01-01T00:00:00Z", value, e);
    }
  }

  private ZoneId zone() {
    String value = value("zone");
    try {
      return ZoneId.of(value);
    } catch (DateTimeException e) {
      throw new InvalidFieldException(
          "zone", "must be a zone that is known, as Europe/Oslo, UTC or +02:00", value, e);
    }
  }

  private Missed missed() {
    String value = value("missed");
    return switch (value) {
      case "EACH" -> Missed.EACH;
      case "LATEST" -> Missed.LATEST;
      case "SKIP" -> Missed.SKIP;
      default -> throw new InvalidFieldException("missed", "must be EACH, LATEST or SKIP", value);
    };
  }

  private String value(String word) {
    if (words.isEmpty()) {
      throw refused("must have a value after '" + word + "'");
    }
    return words.remove();
  }

  private InvalidFieldException refused(String limit) {
    return new InvalidFieldException("schedule", limit, text);
  }
}
