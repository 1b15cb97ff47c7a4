package dev.pitstop.bench;

import java.util.Arrays;
import java.util.Locale;

/** Prints results, each a line that a script can read. */
final class Report {
  private Report() {}

  /** A measured figure and its unit. */
  static void figure(String name, double value, String unit) {
    System.out.printf(Locale.ROOT, "figure %s %s %s%n", name, number(value), unit);
    System.out.flush();
  }

  /** A figure as a part of its floor. */
  static void ratio(String name, double value) {
    System.out.printf(Locale.ROOT, "ratio %s %.2f%n", name, value);
    System.out.flush();
  }

  /** The middle one of several values. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String number(double value) {
    return Math.abs(value) >= 100
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
