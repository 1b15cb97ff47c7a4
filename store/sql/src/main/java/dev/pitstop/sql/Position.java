package dev.pitstop.sql;

import java.util.Comparator;

/** A place in the order in which a queue's messages fall due. */
record Position(long due, long seq) implements Comparable<Position> {
  /** Before all messages. */
  static final Position START = new Position(Long.MIN_VALUE, 0);

  /** Behind all messages. */
  static final Position END = new Position(Long.MAX_VALUE, Long.MAX_VALUE);

  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::due).thenComparingLong(Position::seq);

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
