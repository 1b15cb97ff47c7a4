package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of a listing begins: behind a position among what waits or is leased, or among what
 * is buried.
 */
record Cursor(boolean buried, Position after) {
  /** Before all. */
  static final Cursor FIRST = new Cursor(false, Position.START);

  private static final Pattern TEXT = Pattern.compile("(due|buried)_(-?\\d{1,18})_(\\d{1,19})");

  /**
   * The cursor that a text stands for.
   *
   * @throws InvalidFieldException when it is none
   */
  static Cursor parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw refused(text);
    }
    try {
      long due = Long.parseLong(parts.group(2));
      long seq = Long.parseLong(parts.group(3));
      return new Cursor(parts.group(1).equals("buried"), new Position(due, seq));
    } catch (NumberFormatException e) {
      throw refused(text);
    }
  }

  private static InvalidFieldException refused(String text) {
    return new InvalidFieldException("from", "must be the next of an earlier page", text);
  }

  @Override
  public String toString() {
    return (buried ? "buried_" : "due_") + after.due() + "_" + after.seq();
  }
}
