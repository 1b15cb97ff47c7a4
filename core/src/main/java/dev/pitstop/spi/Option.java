package dev.pitstop.spi;

import dev.pitstop.InvalidFieldException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that can be set: one row that gives parsing, bounds, the error, help and documentation.
 *
 * @param name as its user writes it
 * @param type what a value looks like, for documentation
 * @param defaultText the default as its user would write it
 * @param doc one sentence
 * @param parser turns a text into a value, or throws {@link InvalidFieldException}
 */
public record Option<T>(
    String name, String type, String defaultText, String doc, Function<String, T> parser) {
  private static final Pattern SHORT_DURATION =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

  /** Refuses nulls. */
  public Option {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parser, "parser");
  }

  /** A duration, as {@code 90s}, {@code 1h30m}, {@code 500ms}, {@code 7d} or ISO 8601. */
  public static Option<Duration> duration(
      String name, Duration least, String defaultText, String doc) {
    return new Option<>(
        name,
        "duration",
        defaultText,
        doc,
        text -> {
          Duration value = parseDuration(name, text);
          if (value.compareTo(least) < 0) {
            throw new InvalidFieldException(name, "must be at least " + least, text);
          }
          return value;
        });
  }

  /** A whole number between two bounds. */
  public static Option<Long> number(
      String name, long least, long most, String defaultText, String doc) {
    return new Option<>(
        name,
        "number",
        defaultText,
        doc,
        text -> {
          String limit = "must be a whole number from " + least + " to " + most;
          long value;
          try {
            value = Long.parseLong(text);
          } catch (NumberFormatException e) {
            throw new InvalidFieldException(name, limit, text, e);
          }
          if (value < least || value > most) {
            throw new InvalidFieldException(name, limit, text);
          }
          return value;
        });
  }

  /** {@code true} or {@code false}. */
  public static Option<Boolean> flag(String name, String defaultText, String doc) {
    return new Option<>(
        name,
        "true or false",
        defaultText,
        doc,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new InvalidFieldException(name, "must be true or false", text);
            });
  }

  /** The value among texts by name, or the default. */
  public T in(Map<String, String> texts) {
    return parser.apply(texts.getOrDefault(name, defaultText));
  }

  /**
   * The duration that a text stands for: {@code 15m}, {@code 1h30m}, {@code 500ms}, {@code 7d}, or
   * ISO 8601 as {@code PT15M}.
   *
   * @param field what it is for, named in the error
   * @throws InvalidFieldException when it is none
   */
  public static Duration parseDuration(String field, String text) {
    Matcher parts = SHORT_DURATION.matcher(text);
    try {
      if (!text.isEmpty() && parts.matches()) {
        return Duration.ofDays(part(parts, 1))
            .plusHours(part(parts, 2))
            .plusMinutes(part(parts, 3))
            .plusSeconds(part(parts, 4))
            .plusMillis(part(parts, 5));
      }
      return Duration.parse(text);
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new InvalidFieldException(
          field, "must be a duration as 500ms, 90s, 1h30m, 7d or PT15M", text, e);
    }
  }

  private static long part(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
