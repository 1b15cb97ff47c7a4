package dev.pitstop.lines;

import dev.pitstop.Cron;
import dev.pitstop.Every;
import dev.pitstop.Missed;
import dev.pitstop.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Schedules in words: {@code every 15 min}, {@code at 09:00 on Monday to Friday, Europe/Oslo}. */
public final class ScheduleWords {
  private ScheduleWords() {}

  /** What a schedule says, in words. */
  public static String of(Schedule schedule) {
    if (schedule instanceof Every every) {
      return "every " + length(every.interval()) + bounds(every.start().isPresent(), every);
    }
    if (schedule instanceof Cron cron) {
      return CronWords.of(cron.expression())
          + ", "
          + cron.zone().getId()
          + bounds(cron.start().isPresent(), cron);
    }
    return "once";
  }

  private static String bounds(boolean started, Schedule schedule) {
    StringBuilder words = new StringBuilder();
    if (started && schedule instanceof Cron cron) {
      cron.start().ifPresent(start -> words.append(", from ").append(Times.iso(start)));
    }
    schedule.until().ifPresent(end -> words.append(", until ").append(Times.iso(end)));
    if (schedule.missed() == Missed.LATEST) {
      words.append(", of missed ones the latest");
    } else if (schedule.missed() == Missed.SKIP) {
      words.append(", missed ones skipped");
    }
    return words.toString();
  }

  /** A length of time by its parts: {@code 1 h 30 min}. */
  private static String length(Duration length) {
    List<String> parts = new ArrayList<>();
    part(parts, length.toDaysPart(), "d");
    part(parts, length.toHoursPart(), "h");
    part(parts, length.toMinutesPart(), "min");
    part(parts, length.toSecondsPart(), "s");
    part(parts, length.toMillisPart(), "ms");
    return String.join(" ", parts);
  }

  private static void part(List<String> parts, long number, String unit) {
    if (number > 0) {
      parts.add(number + " " + unit);
    }
  }
}
