package dev.pitstop;

import org.jspecify.annotations.Nullable;

/**
 * Something was refused before anything was written, because one of its fields is out of bounds.
 *
 * <p>The message names the field, the value (cut to 100 characters) and the limit.
 */
public final class InvalidFieldException extends PitstopException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 100;

  private final String field;
  private final String value;
  private final String limit;

  /**
   * A refusal.
   *
   * @param field what was refused, as its user knows it: {@code id}, {@code body}, {@code cron}
   * @param limit what holds for it, as the rest of a sentence: "must be at most 512 UTF-8 bytes"
   * @param value what it was
   */
  public InvalidFieldException(String field, String limit, Object value) {
    this(field, limit, cut(String.valueOf(value)), null);
  }

  /** A refusal with the failure that shows it. */
  public InvalidFieldException(String field, String limit, Object value, Throwable cause) {
    this(field, limit, cut(String.valueOf(value)), cause);
  }

  private InvalidFieldException(
      String field, String limit, String value, @Nullable Throwable cause) {
    super(field + " " + limit + ", was " + value, cause);
    this.field = field;
    this.value = value;
    this.limit = limit;
  }

  /** What was refused. */
  public String field() {
    return field;
  }

  /** What it was, cut to 100 characters. */
  public String value() {
    return value;
  }

  /** What holds for it. */
  public String limit() {
    return limit;
  }

  private static String cut(String value) {
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return value.codePointCount(0, value.length()) > SHOWN ? shown + "..." : shown.toString();
  }
}
