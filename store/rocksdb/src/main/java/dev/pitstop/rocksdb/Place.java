package dev.pitstop.rocksdb;

/**
 * Where a waiting or leased message stands in its queue: by due time, equal ones in the order they
 * were put.
 *
 * @param due in milliseconds since 1970
 * @param number of the put, unlike that of any other message
 */
record Place(long due, long number) implements Comparable<Place> {
  /** Before all others. */
  static final Place FIRST = new Place(Long.MIN_VALUE, 0);

  /** After all others. */
  static final Place END = new Place(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Before all of a due time, in milliseconds since 1970, and later ones. */
  static Place startOf(long due) {
    return new Place(due, 0);
  }

  /** The place right behind this one. */
  Place next() {
    return new Place(due, number + 1);
  }

  boolean before(Place other) {
    return compareTo(other) < 0;
  }

  /** This one or another, which is later. */
  Place orLater(Place other) {
    return before(other) ? other : this;
  }

  @Override
  public int compareTo(Place other) {
    return due != other.due ? Long.compare(due, other.due) : Long.compare(number, other.number);
  }
}
