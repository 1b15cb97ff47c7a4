package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Option;
import java.time.Duration;

/** Options of adapters that say how long to wait, a day at most. */
public final class TimeLimits {
  private static final Duration LONGEST = Duration.ofDays(1);

  private TimeLimits() {}

  /** An option of that name; what is under {@code least} or over a day is refused. */
  public static Option<Duration> option(
      String name, Duration least, String defaultText, String doc) {
    return new Option<>(
        name,
        "duration",
        defaultText,
        doc,
        text -> {
          Duration value = Option.parseDuration(name, text);
          if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new InvalidFieldException(
                name, "must be from " + least.toMillis() + "ms to 1d", text);
          }
          return value;
        });
  }
}
