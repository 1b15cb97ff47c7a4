package dev.pitstop;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a cron expression ought to do, found by trying each local time there is: slow, and as plain
 * as the contract's words. It knows a zone only as a row of stretches with one offset each. Used by
 * one thread.
 */
final class CronReference {
  private static final String MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  private static final String WEEKDAYS = "SUNMONTUEWEDTHUFRISAT";

  private final String[] fields;
  private final List<Integer> timesOfDay = new ArrayList<>();

  CronReference(String expression) {
    String text = expression.toUpperCase(Locale.ROOT);
    this.fields = (text.split(" ", -1).length == 5 ? "0 " + text : text).split(" ", -1);
    IntPredicate seconds = value -> matches(fields[0], value, 0, 59, "");
    IntPredicate minutes = value -> matches(fields[1], value, 0, 59, "");
    IntPredicate hours = value -> matches(fields[2], value, 0, 23, "");
    for (int h = 0; h < 24; h++) {
      for (int m = 0; hours.test(h) && m < 60; m++) {
        for (int s = 0; minutes.test(m) && s < 60; s++) {
          if (seconds.test(s)) {
            timesOfDay.add(h * 3600 + m * 60 + s);
          }
        }
      }
    }
  }

  int timesADay() {
    return timesOfDay.size();
  }

  /** All occurrences later than one instant and not later than another. */
  NavigableSet<Instant> between(Instant after, Instant last, ZoneRules rules) {
    List<Stretch> stretches = stretches(after, last, rules);
    NavigableSet<Instant> occurrences = new TreeSet<>();
    LocalDate end = LocalDate.ofInstant(last, ZoneOffset.UTC).plusDays(2);
    for (LocalDate day = LocalDate.ofInstant(after, ZoneOffset.UTC).minusDays(2);
        day.isBefore(end);
        day = day.plusDays(1)) {
      if (matches(day)) {
        for (int time : timesOfDay) {
          occurrences.addAll(at(day.atStartOfDay().plusSeconds(time), stretches));
        }
      }
    }
    return occurrences.subSet(after, false, last, true);
  }

  boolean matches(LocalDate day) {
    if (!matches(fields[4], day.getMonthValue(), 1, 12, MONTHS)) {
      return false;
    }
    boolean byMonth = false;
    for (String part : fields[3].split(",", -1)) {
      byMonth |= matchesDayOfMonth(part, day);
    }
    boolean byWeek = false;
    for (String part : fields[5].split(",", -1)) {
      byWeek |= matchesDayOfWeek(part, day);
    }
    boolean restricted = !fields[3].matches("[*?].*") && !fields[5].matches("[*?].*");
    return restricted ? byMonth || byWeek : byMonth && byWeek;
  }

  /** When a local time fires: at no instant, one, or both passes. */
  private List<Instant> at(LocalDateTime local, List<Stretch> stretches) {
    List<Instant> instants = new ArrayList<>();
    for (Stretch stretch : stretches) {
      Instant instant = local.toInstant(stretch.offset());
      if (!instant.isBefore(stretch.from()) && instant.isBefore(stretch.to())) {
        instants.add(instant);
      }
    }
    if (fields[2].equals("*") || fields[2].equals("?")) {
      return instants;
    }
    if (!instants.isEmpty()) {
      return instants.subList(0, 1);
    }
    // Skipped: after all that comes before the gap, before all that comes after it.
    for (Stretch stretch : stretches) {
      if (stretch.from().isAfter(local.toInstant(stretch.offset()))) {
        return List.of(stretch.from());
      }
    }
    return List.of();
  }

  private record Stretch(Instant from, Instant to, ZoneOffset offset) {}

  private static List<Stretch> stretches(Instant after, Instant last, ZoneRules rules) {
    List<Stretch> stretches = new ArrayList<>();
    Instant from = after.minusSeconds(8 * 86_400);
    Instant end = last.plusSeconds(8 * 86_400);
    while (from.isBefore(end)) {
      @Nullable ZoneOffsetTransition change = rules.nextTransition(from);
      Instant to = change == null ? Instant.MAX : change.getInstant();
      stretches.add(new Stretch(from, to, rules.getOffset(from)));
      from = to;
    }
    return stretches;
  }

  private static boolean matchesDayOfMonth(String part, LocalDate day) {
    LocalDate last = day.with(TemporalAdjusters.lastDayOfMonth());
    if (part.equals("L")) {
      return day.equals(last);
    }
    if (part.equals("LW")) {
      return day.equals(nearestWeekday(last));
    }
    if (part.startsWith("L-")) {
      return day.equals(last.minusDays(Integer.parseInt(part.substring(2))));
    }
    if (part.endsWith("W")) {
      int n = Integer.parseInt(part.substring(0, part.length() - 1));
      return n <= last.getDayOfMonth() && day.equals(nearestWeekday(day.withDayOfMonth(n)));
    }
    return matchesPart(part, day.getDayOfMonth(), 1, 31, "");
  }

  private static LocalDate nearestWeekday(LocalDate wanted) {
    for (int distance = 0; ; distance++) {
      for (LocalDate day : List.of(wanted.minusDays(distance), wanted.plusDays(distance))) {
        boolean weekend =
            day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
        if (!weekend && YearMonth.from(day).equals(YearMonth.from(wanted))) {
          return day;
        }
      }
    }
  }

  private static boolean matchesDayOfWeek(String part, LocalDate day) {
    int hash = part.indexOf('#');
    if (hash > 0) {
      int n = Integer.parseInt(part.substring(hash + 1));
      return day.equals(
              day.with(TemporalAdjusters.dayOfWeekInMonth(n, weekday(part.substring(0, hash)))))
          && n <= 5;
    }
    if (part.endsWith("L")) {
      DayOfWeek weekday = weekday(part.substring(0, part.length() - 1));
      return day.equals(day.with(TemporalAdjusters.lastInMonth(weekday)));
    }
    return matchesPart(part, day.getDayOfWeek().getValue() % 7, 0, 6, WEEKDAYS);
  }

  private static DayOfWeek weekday(String word) {
    return DayOfWeek.of((number(word, 0, WEEKDAYS) + 6) % 7 + 1);
  }

  private static boolean matches(String list, int value, int least, int last, String names) {
    for (String part : list.split(",", -1)) {
      if (matchesPart(part, value, least, last, names)) {
        return true;
      }
    }
    return false;
  }

  /** Walks from the part's first value to its last, around the end of the field if need be. */
  private static boolean matchesPart(String part, int value, int least, int last, String names) {
    String[] stepped = part.split("/", -1);
    String[] range = stepped[0].split("-", -1);
    boolean star = stepped[0].equals("*") || stepped[0].equals("?");
    int step = stepped.length > 1 ? Integer.parseInt(stepped[1]) : 1;
    boolean open = star || (range.length == 1 && stepped.length > 1);
    int from = star ? least : number(range[0], least, names);
    int to = open ? last : number(range[range.length - 1], least, names);
    boolean week = names.equals(WEEKDAYS);
    boolean wholeWeek = week && from == 0 && to == 7;
    int at = week ? from % 7 : from;
    int end = week ? to % 7 : to;
    for (int n = 0; n < 100; n++) {
      if (n % step == 0 && at == value) {
        return true;
      }
      if (at == end && !(wholeWeek && n == 0)) {
        return false;
      }
      at = at == last ? least : at + 1;
    }
    throw new AssertionError(part + " has no end");
  }

  private static int number(String word, int least, String names) {
    return Character.isDigit(word.charAt(0))
        ? Integer.parseInt(word)
        : least + names.indexOf(word) / 3;
  }
}
