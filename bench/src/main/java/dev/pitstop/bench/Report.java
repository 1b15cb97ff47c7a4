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

  /** The least, the middle, the 99th of a hundred and the most of how late handlers began. */
  static void lateness(String name, long[] nanos) {
    long[] late = nanos.clone();
    Arrays.sort(late);
    figure(name + ".min", late[0] / 1e6, "ms");
    figure(name + ".p50", late[late.length / 2] / 1e6, "ms");
    figure(name + ".p99", late[late.length / 100 * 99] / 1e6, "ms");
    figure(name + ".max", late[late.length - 1] / 1e6, "ms");
  }

  /** The rate at first and at last, and how much of it was left. */
  static void firstAndLast(String name, double[] rates) {
    double first = rates[0];
    double last = rates[rates.length - 1];
    figure(name + ".first", first, "messages/s");
    figure(name + ".last", last, "messages/s");
    ratio(name + ".last/first", last / first);
  }

  /** The middle one of several values. */
  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The middle one of values divided by floors, each by the one of the same round. */
  static double medianRatio(double[] values, double[] floors) {
    double[] ratios = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      ratios[i] = values[i] / floors[i];
    }
    return median(ratios);
  }

  private static String number(double value) {
    return Math.abs(value) >= 100
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
