package dev.pitstop.cli;

import dev.pitstop.InvalidFieldException;

/** Bounds of what is given on the command line. */
final class Usage {
  private Usage() {}

  /** A number that must lie from 1 to a bound. */
  static long upTo(long most, String option, long value) {
    if (value < 1 || value > most) {
      throw new InvalidFieldException(option, "must be from 1 to " + most, value);
    }
    return value;
  }
}
