package dev.pitstop;

import java.util.List;

/**
 * A field of a cron expression. Immutable.
 *
 * @param label as it is called in errors
 * @param least the smallest number that may be written
 * @param most the largest number that may be written
 * @param size how many different values there are, from {@code least} on
 * @param names for values, the first for {@code least}
 * @param values what may be written, for errors
 */
record CronField(String label, int least, int most, int size, List<String> names, String values) {
  static final CronField SECOND =
      new CronField("second", 0, 59, 60, List.of(), "seconds from 0 to 59");

  static final CronField MINUTE =
      new CronField("minute", 0, 59, 60, List.of(), "minutes from 0 to 59");

  static final CronField HOUR = new CronField("hour", 0, 23, 24, List.of(), "hours from 0 to 23");

  static final CronField DAY_OF_MONTH =
      new CronField(
          "day-of-month",
          1,
          31,
          31,
          List.of(),
          "days of the month from 1 to 31, L, L-3, LW or 15W");

  static final CronField MONTH =
      new CronField(
          "month",
          1,
          12,
          12,
          List.of(
              "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
          "months from 1 to 12 or JAN to DEC");

  /** Sunday is 0 and also 7, which is beyond the field's last. */
  static final CronField DAY_OF_WEEK =
      new CronField(
          "day-of-week",
          0,
          7,
          7,
          List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
          "days of the week from 0 to 7 or SUN to SAT, with #1 to #5 or L after one");

  /** The last value, where a step without an end stops. */
  int last() {
    return least + size - 1;
  }
}
