package dev.pitstop.sql;

import dev.pitstop.State;

/** By how much the counts of a queue change. Not thread-safe. */
final class Counts {
  private long scheduled;
  private long leased;
  private long buried;

  /** Adds to a state. */
  void add(State state, long many) {
    switch (state) {
      case SCHEDULED -> scheduled += many;
      case LEASED -> leased += many;
      case BURIED -> buried += many;
    }
  }

  long scheduled() {
    return scheduled;
  }

  long leased() {
    return leased;
  }

  long buried() {
    return buried;
  }

  boolean isNothing() {
    return scheduled == 0 && leased == 0 && buried == 0;
  }

  /** The state that a column {@code was} stands for. */
  static State state(int was) {
    return switch (was) {
      case 0 -> State.SCHEDULED;
      case 1 -> State.LEASED;
      default -> State.BURIED;
    };
  }
}
