package dev.pitstop.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures several things in turn, round after round, so that what disturbs the machine disturbs
 * them alike. One round goes before that warms up and does not count. Used by one thread.
 */
final class Rounds {
  private final Map<String, Thing> things = new LinkedHashMap<>();
  private final int rounds;

  Rounds(int rounds) {
    this.rounds = rounds;
  }

  /** Does what is measured once and returns a rate. */
  interface Measured {
    double once() throws Exception;
  }

  /** What is measured, and its rate in each round. */
  private record Thing(Measured measured, List<Double> rates) {}

  /** Adds one to the turn. */
  Rounds add(String thing, Measured measured) {
    things.put(thing, new Thing(measured, new ArrayList<>()));
    return this;
  }

  /** Runs all rounds; each rate is told on standard error. */
  Rounds run() throws Exception {
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<String, Thing> entry : things.entrySet()) {
        double rate = entry.getValue().measured().once();
        System.err.printf(
            Locale.ROOT, "  %s%s %.0f%n", round < 0 ? "warming " : "", entry.getKey(), rate);
        if (round >= 0) {
          entry.getValue().rates().add(rate);
        }
      }
    }
    return this;
  }

  /** The median of one thing's rates. */
  double median(String thing) {
    return Report.median(rates(thing));
  }

  /** The median of one thing's rates divided by another's of the same round. */
  double ratio(String thing, String other) {
    return Report.medianRatio(rates(thing), rates(other));
  }

  private double[] rates(String thing) {
    Thing measured = things.get(thing);
    if (measured == null) {
      throw new IllegalArgumentException("nothing is measured as " + thing);
    }
    return measured.rates().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
