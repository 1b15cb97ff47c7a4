package dev.pitstop.rocksdb;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What is known of one queue without reading. Not thread-safe: used under the session's lock. */
final class QueueState {
  /*
   * All below the cursor is held by a lease, is among `behind`, or is gone; so looking for what is due
   * begins at the cursor and does not crawl over what was deleted below. What is put, moved or comes
   * back below the cursor goes to `behind`; when there is too much of that, the cursor is lowered
   * instead, and what is in `behind` above it is seen twice, which looking takes into account.
   */
  private static final int BEHIND_MOST = 10_000;

  private static final Comparator<LeaseRecord> BY_END =
      Comparator.comparingLong(LeaseRecord::until).thenComparingLong(LeaseRecord::number);

  private final int number;
  private final String name;
  private final NavigableSet<Place> behind = new TreeSet<>();
  private final NavigableSet<LeaseRecord> running = new TreeSet<>(BY_END);
  private Place cursor = Place.FIRST;
  private long live;
  private long leased;
  private long buried;
  private boolean paused;

  QueueState(int number, String name) {
    this.number = number;
    this.name = name;
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  /** How many wait or are leased. */
  long live() {
    return live;
  }

  /** How many of them are leased. */
  long leased() {
    return leased;
  }

  long buried() {
    return buried;
  }

  void countLive(long change) {
    live += change;
  }

  void countLeased(long change) {
    leased += change;
  }

  void countBuried(long change) {
    buried += change;
  }

  boolean paused() {
    return paused;
  }

  void pause(boolean paused) {
    this.paused = paused;
  }

  Place cursor() {
    return cursor;
  }

  /** Says that nothing below a place waits but what is in {@link #behind}. */
  void advance(Place place) {
    if (cursor.before(place)) {
      cursor = place;
    }
  }

  /** Those below the cursor that wait, and those whose lease has run out. */
  NavigableSet<Place> behind() {
    return behind;
  }

  /** Lease records that have not run out, the first to do so first. */
  NavigableSet<LeaseRecord> running() {
    return running;
  }

  /** A message waits at a place from now on. */
  void waits(Place place) {
    if (!place.before(cursor)) {
      return;
    }
    if (behind.size() < BEHIND_MOST) {
      behind.add(place);
    } else {
      cursor = place;
    }
  }

  /** A message whose lease has run out waits again; it is held, so that walking skips it. */
  void comesBack(Place place) {
    behind.add(place);
  }

  /** A message does not wait at a place any more. */
  void leaves(Place place) {
    behind.remove(place);
  }

  /** Forgets all of its messages and leases, and stays paused if it is. */
  void clear() {
    behind.clear();
    running.clear();
    live = 0;
    leased = 0;
    buried = 0;
  }

  /** Below this nothing waits that no lease record tells of. */
  Place mark() {
    return behind.isEmpty() || cursor.before(behind.first()) ? cursor : behind.first();
  }

  void encode(Buf out) {
    Place mark = mark();
    out.clear().varint(live).varint(buried).i64(mark.due()).i64(mark.number());
  }

  /** Takes over what {@link #encode} wrote. */
  void restore(byte[] record) {
    Bytes in = new Bytes(record);
    live = in.varint();
    buried = in.varint();
    cursor = new Place(in.i64(), in.i64());
  }
}
