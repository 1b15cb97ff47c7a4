package dev.pitstop;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Schedules as text, the form that stores keep.
 *
 * <p>A kind with its value, then words and their values: {@code every PT1H from
 * 2026-01-01T00:00:00Z}, {@code cron 0 9 * * MON-FRI zone Europe/Oslo missed LATEST}. Words may be
 * added; one that is there keeps its meaning, since stored messages carry it.
 */
final class ScheduleText {
  private ScheduleText() {}

  /** What follows the kind of a recurring schedule; what is at its default is left out. */
  static String bounds(Optional<Instant> start, Optional<Instant> until, Missed missed) {
    StringBuilder text = new StringBuilder();
    start.ifPresent(instant -> text.append(" from ").append(instant));
    until.ifPresent(instant -> text.append(" until ").append(instant));
    if (missed != Missed.EACH) {
      text.append(" missed ").append(missed);
    }
    return text.toString();
  }

  static Schedule parse(String text) {
    Deque<String> words = new ArrayDeque<>(List.of(text.strip().split("\\s+", -1)));
    String kind = words.remove();
    try {
      return switch (kind) {
        case "at" -> Schedule.at(Instant.parse(words.remove()));
        case "in" -> Schedule.in(Duration.parse(words.remove()));
        case "every" -> every(Duration.parse(words.remove()), pairs(text, words));
        case "cron" -> {
          List<String> fields = new ArrayList<>();
          while (!words.isEmpty() && !words.getFirst().equals("zone")) {
            fields.add(words.remove());
          }
          yield cron(String.join(" ", fields), pairs(text, words));
        }
        default -> throw unknown(text);
      };
    } catch (DateTimeException | NoSuchElementException e) {
      throw new InvalidFieldException("schedule", "must be a schedule's text", text, e);
    }
  }

  private static Every every(Duration interval, Map<String, String> words) {
    return new Every(interval, instant(words, "from"), instant(words, "until"), missed(words));
  }

  private static Cron cron(String expression, Map<String, String> words) {
    ZoneId zone = ZoneId.of(words.getOrDefault("zone", ""));
    return new Cron(
        expression, zone, instant(words, "from"), instant(words, "until"), missed(words));
  }

  private static Map<String, String> pairs(String text, Deque<String> words) {
    Map<String, String> pairs = new HashMap<>();
    while (!words.isEmpty()) {
      String word = words.remove();
      if (!List.of("zone", "from", "until", "missed").contains(word)) {
        throw unknown(text);
      }
      pairs.put(word, words.remove());
    }
    return pairs;
  }

  private static Optional<Instant> instant(Map<String, String> words, String word) {
    return Optional.ofNullable(words.get(word)).map(Instant::parse);
  }

  private static Missed missed(Map<String, String> words) {
    String name = words.getOrDefault("missed", Missed.EACH.name());
    try {
      return Missed.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException("missed", "must be EACH, LATEST or SKIP", name, e);
    }
  }

  private static InvalidFieldException unknown(String text) {
    return new InvalidFieldException("schedule", "must be a schedule's text", text);
  }
}
