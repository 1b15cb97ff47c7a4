package dev.pitstop;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads one cron expression. Used by one thread, once. */
final class CronParser {
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final String NAMES =
      "@yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly";
  private static final Map<String, String> BY_NAME =
      Map.of(
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *",
          "@MONTHLY", "0 0 1 * *",
          "@WEEKLY", "0 0 * * 0",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@HOURLY", "0 * * * *");

  private final String text;

  private CronParser(String text) {
    this.text = Objects.requireNonNull(text, "expression");
  }

  static CronExpression parse(String text) {
    return new CronParser(text).expression();
  }

  private CronExpression expression() {
    String whole = upper(text.strip());
    if (whole.startsWith("@")) {
      String named = BY_NAME.get(whole);
      if (named == null) {
        throw refused("must be one of " + NAMES + " when it begins with @");
      }
      whole = named;
    }
    String[] fields = SPACE.split(whole, -1);
    int seconds = fields.length - 5;
    if (whole.isEmpty() || seconds < 0 || seconds > 1) {
      throw refused(
          "must have five fields (minute hour day-of-month month day-of-week), or six with the"
              + " second first, or be "
              + NAMES
              + ", not "
              + (whole.isEmpty() ? 0 : fields.length)
              + " fields");
    }
    String hour = fields[seconds + 1];
    CronTimes times =
        new CronTimes(
            values(CronField.HOUR, hour),
            values(CronField.MINUTE, fields[seconds]),
            seconds == 0 ? 1 : values(CronField.SECOND, fields[0]));
    CronDays.OfMonth ofMonth = daysOfMonth(fields[seconds + 2]);
    long months = values(CronField.MONTH, fields[seconds + 3]);
    CronDays days = new CronDays(months, ofMonth, daysOfWeek(fields[seconds + 4]));
    CronExpression expression = new CronExpression(times, days, isStar(hour));
    if (!expression.fires()) {
      throw refused("must name a day that exists; it never fires");
    }
    return expression;
  }

  private long values(CronField field, String list) {
    long values = 0;
    for (String part : parts(field, list)) {
      values |= part(field, part);
    }
    return values;
  }

  private CronDays.OfMonth daysOfMonth(String list) {
    CronField field = CronField.DAY_OF_MONTH;
    long days = 0;
    long fromEnd = 0;
    long nearest = 0;
    boolean lastWeekday = false;
    for (String part : parts(field, list)) {
      if (part.equals("L")) {
        fromEnd |= 1;
      } else if (part.equals("LW")) {
        lastWeekday = true;
      } else if (part.startsWith("L-")) {
        fromEnd |= 1L << number(part.substring(2), 1, 30, "L- with 1 to 30 days", part);
      } else if (part.endsWith("W")) {
        String day = part.substring(0, part.length() - 1);
        nearest |= 1L << number(day, 1, 31, "W after one day of the month from 1 to 31", part);
      } else {
        days |= part(field, part);
      }
    }
    return new CronDays.OfMonth(beginsWithStar(list), days, fromEnd, nearest, lastWeekday);
  }

  private CronDays.OfWeek daysOfWeek(String list) {
    CronField field = CronField.DAY_OF_WEEK;
    long days = 0;
    long nth = 0;
    long last = 0;
    for (String part : parts(field, list)) {
      int hash = part.indexOf('#');
      if (part.equals("L")) {
        throw refused(
            "must name the day before L in its day-of-week field: SATL is the last Saturday of the"
                + " month, SAT each Saturday");
      } else if (hash >= 0) {
        int day = value(field, part.substring(0, hash), part) % 7;
        int n = number(part.substring(hash + 1), 1, 5, "#1 to #5 after a day of the week", part);
        nth |= 1L << (7 * (n - 1) + day);
      } else if (part.endsWith("L")) {
        last |= 1L << value(field, part.substring(0, part.length() - 1), part) % 7;
      } else {
        days |= part(field, part);
      }
    }
    return new CronDays.OfWeek(beginsWithStar(list), days, nth, last);
  }

  private String[] parts(CronField field, String list) {
    String[] parts = list.split(",", -1);
    for (String part : parts) {
      if (part.isEmpty()) {
        throw refused("must have no empty part in its " + field.label() + " field (" + list + ")");
      }
    }
    return parts;
  }

  /** A star, a value or a range, each with or without a step, as a bit set. */
  private long part(CronField field, String part) {
    int slash = part.indexOf('/');
    String base = slash < 0 ? part : part.substring(0, slash);
    int dash = base.indexOf('-');
    int from;
    int to;
    if (isStar(base)) {
      from = field.least();
      to = field.last();
    } else if (dash >= 0) {
      from = value(field, base.substring(0, dash), part);
      to = value(field, base.substring(dash + 1), part);
      if (from > field.last()) { // 7-2 and 7-7 begin with Sunday, the field's first
        from -= field.size();
        to = to > field.last() ? to - field.size() : to;
      }
      if (to < from) {
        to += field.size();
      }
    } else {
      from = value(field, base, part);
      from = from > field.last() ? from - field.size() : from;
      to = slash < 0 ? from : field.last();
    }
    int step = slash < 0 ? 1 : step(field, part.substring(slash + 1), part);
    long set = 0;
    for (int value = from; value <= to; value += step) {
      set |= 1L << (value > field.last() ? value - field.size() : value);
    }
    return set;
  }

  private int step(CronField field, String digits, String part) {
    String limit = "a step from 1 to " + field.size() + " in its " + field.label() + " field";
    return number(digits, 1, field.size(), limit, part);
  }

  private int value(CronField field, String word, String part) {
    int named = field.names().indexOf(word);
    return named >= 0
        ? field.least() + named
        : number(word, field.least(), field.most(), field.values(), part);
  }

  private int number(String digits, int least, int most, String limit, String part) {
    int number = -1;
    if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      number = digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }
    if (number < least || number > most) {
      throw refused("must have " + limit + ", not " + part);
    }
    return number;
  }

  private InvalidFieldException refused(String limit) {
    return new InvalidFieldException("cron", limit, text);
  }

  private static boolean isStar(String part) {
    return part.equals("*") || part.equals("?");
  }

  private static boolean beginsWithStar(String list) {
    return list.startsWith("*") || list.startsWith("?");
  }

  /** Without the letters beyond ASCII that have capitals within it. */
  private static String upper(String text) {
    StringBuilder upper = new StringBuilder(text);
    for (int i = 0; i < upper.length(); i++) {
      char c = upper.charAt(i);
      if (c >= 'a' && c <= 'z') {
        upper.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return upper.toString();
  }
}
