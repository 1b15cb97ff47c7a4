package dev.pitstop.memory;

import dev.pitstop.InvalidFieldException;
import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a message stands in its queue: waiting and leased ones by due time, then buried ones by
 * burial; equal ones in the order they were put.
 *
 * @param aside whether it is buried
 * @param at the due time in milliseconds since 1970, or the number of the burial
 * @param number of the put
 */
record Place(boolean aside, long at, long number) implements Comparable<Place> {
  /** Before all others. */
  static final Place FIRST = new Place(false, Long.MIN_VALUE, 0);

  private static final Pattern TEXT = Pattern.compile("(due|buried)-(\\d{1,18})-(\\d{1,18})");
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::aside)
          .thenComparingLong(Place::at)
          .thenComparingLong(Place::number);

  /** After all others. */
  static final Place END = new Place(true, Long.MAX_VALUE, Long.MAX_VALUE);

  /** Before all that are due at a time or later. */
  static Place startOf(long millis) {
    return new Place(false, millis, Long.MIN_VALUE);
  }

  static Place live(Instant due, long number) {
    return new Place(false, due.toEpochMilli(), number);
  }

  static Place buried(long burial, long number) {
    return new Place(true, burial, number);
  }

  /** The place that a cursor stands for. */
  static Place parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new InvalidFieldException("from", "must be the next of an earlier page", text);
    }
    return new Place(
        parts.group(1).equals("buried"),
        Long.parseLong(parts.group(2)),
        Long.parseLong(parts.group(3)));
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /** The text for a cursor. */
  @Override
  public String toString() {
    return (aside ? "buried-" : "due-") + at + "-" + number;
  }
}
