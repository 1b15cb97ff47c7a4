package dev.pitstop;

import java.util.List;

/** A field of a cron expression. */
enum CronField {
  SECOND("second", 0, 59, 60, List.of(), "seconds from 0 to 59"),
  MINUTE("minute", 0, 59, 60, List.of(), "minutes from 0 to 59"),
  HOUR("hour", 0, 23, 24, List.of(), "hours from 0 to 23"),
  DAY_OF_MONTH(
      "day-of-month", 1, 31, 31, List.of(), "days of the month from 1 to 31, L, L-3, LW or 15W"),
  MONTH(
      "month",
      1,
      12,
      12,
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
      "months from 1 to 12 or JAN to DEC"),
  /** Sunday is 0 and also 7, which is beyond the field's last. */
  DAY_OF_WEEK(
      "day-of-week",
      0,
      7,
      7,
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
      "days of the week from 0 to 7 or SUN to SAT, with #1 to #5 or L after one");

  /** As it is called in errors. */
  final String label;

  final int least;

  /** The largest number that may be written. */
  final int most;

  /** How many different values there are, from {@code least} on. */
  final int size;

  /** Names for values, the first for {@code least}. */
  final List<String> names;

  /** What may be written, for errors. */
  final String values;

  CronField(String label, int least, int most, int size, List<String> names, String values) {
    this.label = label;
    this.least = least;
    this.most = most;
    this.size = size;
    this.names = names;
    this.values = values;
  }

  /** The last value, where a step without an end stops. */
  int last() {
    return least + size - 1;
  }
}
