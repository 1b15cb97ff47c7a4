package dev.pitstop.mongodb;

import dev.pitstop.InvalidFieldException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a message stands in a listing: waiting ones by {@code due} and leased ones by {@code
 * ready}, equal ones by {@code seq}; then buried ones by burial.
 *
 * @param aside whether it is buried
 * @param at milliseconds since 1970; 0 when buried
 * @param number of the put or of the burial
 */
record Place(boolean aside, long at, long number) implements Comparable<Place> {
  /** Before all others. */
  static final Place FIRST = new Place(false, Filters.EVER, 0);

  private static final Pattern TEXT = Pattern.compile("(due|buried)_(\\d{1,18})_(\\d{1,19})");
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::aside)
          .thenComparingLong(Place::at)
          .thenComparingLong(Place::number);

  /** Right before what is due at a time, in milliseconds. */
  static Place before(long millis) {
    return millis <= Filters.EVER ? FIRST : new Place(false, millis - 1, Long.MAX_VALUE);
  }

  static Place live(long millis, long seq) {
    return new Place(false, millis, seq);
  }

  static Place buried(long burial) {
    return new Place(true, 0, burial);
  }

  /** The place that a cursor stands for. */
  static Place parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      try {
        return new Place(
            parts.group(1).equals("buried"),
            Long.parseLong(parts.group(2)),
            Long.parseLong(parts.group(3)));
      } catch (NumberFormatException e) {
        throw new InvalidFieldException("from", "must be the next of an earlier page", text, e);
      }
    }
    throw new InvalidFieldException("from", "must be the next of an earlier page", text);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /** The text for a cursor. */
  @Override
  public String toString() {
    return (aside ? "buried_" : "due_") + Math.max(0, at) + "_" + number;
  }
}
