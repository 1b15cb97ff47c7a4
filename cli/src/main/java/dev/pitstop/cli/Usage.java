package dev.pitstop.cli;

import dev.pitstop.InvalidFieldException;

/** Bounds of what is given on the command line. */
final class Usage {
  private Usage() {}

  /** A number that must be at least 1. */
  static long atLeastOne(String option, long value) {
    if (value < 1) {
      throw new InvalidFieldException(option, "must be at least 1", value);
    }
    return value;
  }
}
