package dev.pitstop.lines;

import java.time.DayOfWeek;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cron expressions in words, where that is shorter than a riddle: those of usual forms. Others are
 * named as they are.
 */
final class CronWords {
  private static final int MOST_TIMES = 4;
  private static final Pattern NUMBER = Pattern.compile("\\d{1,2}");
  private static final Pattern STEP = Pattern.compile("(?:\\*|0)/(\\d{1,2})");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,2})-(\\d{1,2})");
  private static final Pattern NTH_DAY = Pattern.compile("(\\w+)#([1-5])");
  private static final Pattern LAST_DAY = Pattern.compile("(\\w+)L");
  private static final List<String> ORDINALS =
      List.of("first", "second", "third", "fourth", "fifth");
  private static final Map<String, String> NAMED =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private CronWords() {}

  static String of(String expression) {
    String plain = NAMED.getOrDefault(expression.toLowerCase(Locale.ROOT), expression);
    String[] fields = plain.toUpperCase(Locale.ROOT).split(" ", -1);
    if (fields.length == 6 && fields[0].equals("0")) {
      fields = Arrays.copyOfRange(fields, 1, 6);
    }
    Optional<String> words = fields.length == 5 ? words(fields) : Optional.empty();
    return words.orElse("cron " + expression);
  }

  private static Optional<String> words(String[] fields) {
    Optional<String> times = times(fields[0], fields[1]);
    Optional<String> days = days(fields[2], fields[4]);
    Optional<String> months =
        any(fields[3]) ? Optional.of("") : list(fields[3], CronWords::month).map(" in "::concat);
    if (times.isEmpty() || days.isEmpty() || months.isEmpty()) {
      return Optional.empty();
    }
    boolean daily = days.get().isEmpty() && months.get().isEmpty() && times.get().startsWith("at ");
    return Optional.of(times.get() + (daily ? " every day" : days.get() + months.get()));
  }

  private static Optional<String> times(String minute, String hour) {
    Matcher step = STEP.matcher(minute);
    if (any(minute)) {
      return hours(hour).map("every minute"::concat);
    }
    if (step.matches() && 60 % Integer.parseInt(step.group(1)) == 0) {
      return hours(hour).map(("every " + step.group(1) + " min")::concat);
    }
    if (any(hour)) {
      return list(minute, CronWords::number).map(minutes -> "every hour at minute " + minutes);
    }
    Matcher hours = STEP.matcher(hour);
    if (hours.matches()
        && 24 % Integer.parseInt(hours.group(1)) == 0
        && NUMBER.matcher(minute).matches()) {
      return Optional.of("every " + hours.group(1) + " h at minute " + Integer.parseInt(minute));
    }
    List<String> clock = new ArrayList<>();
    for (String h : hour.split(",", -1)) {
      for (String m : minute.split(",", -1)) {
        if (!NUMBER.matcher(h).matches() || !NUMBER.matcher(m).matches()) {
          return Optional.empty();
        }
        clock.add(clock(h, m));
      }
    }
    return clock.size() > MOST_TIMES ? Optional.empty() : Optional.of("at " + and(clock));
  }

  /** Between which hours something goes on; empty when that is not of a usual form. */
  private static Optional<String> hours(String hour) {
    Matcher range = RANGE.matcher(hour);
    if (any(hour)) {
      return Optional.of("");
    }
    if (range.matches()) {
      return Optional.of(
          " from " + clock(range.group(1), "0") + " to " + clock(range.group(2), "59"));
    }
    return NUMBER.matcher(hour).matches()
        ? Optional.of(" from " + clock(hour, "0") + " to " + clock(hour, "59"))
        : Optional.empty();
  }

  private static Optional<String> days(String ofMonth, String ofWeek) {
    if (any(ofMonth) && any(ofWeek)) {
      return Optional.of("");
    }
    if (any(ofMonth)) {
      Matcher nth = NTH_DAY.matcher(ofWeek);
      if (nth.matches()) {
        String ordinal = ORDINALS.get(Integer.parseInt(nth.group(2)) - 1);
        return day(nth.group(1)).map(day -> " on the " + ordinal + " " + day + " of the month");
      }
      Matcher last = LAST_DAY.matcher(ofWeek);
      if (last.matches()) {
        return day(last.group(1)).map(day -> " on the last " + day + " of the month");
      }
      return list(ofWeek, text -> day(text).orElse("")).map(" on "::concat);
    }
    if (!any(ofWeek)) {
      return Optional.empty();
    }
    return switch (ofMonth) {
      case "L" -> Optional.of(" on the last day of the month");
      case "LW" -> Optional.of(" on the last weekday of the month");
      default -> list(ofMonth, CronWords::number).map(days -> " on day " + days + " of the month");
    };
  }

  /** Single values and ranges, with commas between; empty when it has other parts. */
  private static Optional<String> list(String field, UnaryOperator<String> word) {
    List<String> words = new ArrayList<>();
    for (String part : field.split(",", -1)) {
      String[] ends = part.split("-", -1);
      if (ends.length > 2) {
        return Optional.empty();
      }
      List<String> both = Arrays.stream(ends).map(word).toList();
      if (both.contains("")) {
        return Optional.empty();
      }
      words.add(String.join(" to ", both));
    }
    return Optional.of(and(words));
  }

  private static String and(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static boolean any(String field) {
    return field.equals("*") || field.equals("?");
  }

  private static String number(String text) {
    return NUMBER.matcher(text).matches() ? String.valueOf(Integer.parseInt(text)) : "";
  }

  private static Optional<String> day(String text) {
    if (NUMBER.matcher(text).matches()) {
      int day = Integer.parseInt(text);
      return Optional.of(name(DayOfWeek.of(day == 0 ? 7 : day)));
    }
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> day.name().substring(0, 3).equals(text))
        .map(CronWords::name)
        .findFirst();
  }

  private static String month(String text) {
    return Arrays.stream(Month.values())
        .filter(
            month ->
                month.name().substring(0, 3).equals(text)
                    || number(text).equals(String.valueOf(month.getValue())))
        .map(month -> month.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
        .findFirst()
        .orElse("");
  }

  private static String name(DayOfWeek day) {
    return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String clock(String hour, String minute) {
    return String.format(
        Locale.ROOT, "%02d:%02d", Integer.parseInt(hour), Integer.parseInt(minute));
  }
}
