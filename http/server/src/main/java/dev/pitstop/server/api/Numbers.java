package dev.pitstop.server.api;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Option;
import java.time.Duration;

/** Numbers and durations as parameters have them. */
final class Numbers {
  private Numbers() {}

  /** A whole number within bounds. */
  static int parse(String name, String text, int least, int most) {
    return Math.toIntExact(Option.number(name, least, most, "", "").parser().apply(text));
  }

  /** A duration within bounds. */
  static Duration duration(String name, String text, Duration least, Duration most) {
    Duration value = Option.duration(name, least, "", "").parser().apply(text);
    if (value.compareTo(most) > 0) {
      throw new InvalidFieldException(name, "must be at most " + most, text);
    }
    return value;
  }
}
