package dev.pitstop.rocksdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one lease call or one extension kept until one time; written once and deleted when the last
 * has left it. Not thread-safe.
 *
 * <p>On disk: the end, then for each lease its token, due time, number and attempt, each but the
 * last as a difference from the one before. Later records win over earlier ones.
 */
final class LeaseRecord {
  private final QueueState queue;
  private final long number;
  private final long until;
  private final List<@Nullable Hold> members = new ArrayList<>();
  private int left;
  private boolean expired;

  /**
   * An empty record.
   *
   * @param number larger than that of all records before
   * @param until in milliseconds since 1970
   */
  LeaseRecord(QueueState queue, long number, long until) {
    this.queue = queue;
    this.number = number;
    this.until = until;
  }

  QueueState queue() {
    return queue;
  }

  long number() {
    return number;
  }

  long until() {
    return until;
  }

  boolean expired() {
    return expired;
  }

  /** Says that the time is over. */
  void expire() {
    expired = true;
  }

  /** The slot that the next member takes. */
  int size() {
    return members.size();
  }

  void add(Hold hold) {
    members.add(hold);
    left++;
  }

  /** Lets a member go; true for the last. */
  boolean leave(Hold hold) {
    members.set(hold.slot(), null);
    return --left == 0;
  }

  /** How many have not left. */
  int left() {
    return left;
  }

  /** Those that have not left. */
  List<Hold> members() {
    return members.stream().filter(Objects::nonNull).toList();
  }

  /** One lease as it is on disk. */
  record Item(long token, Place place, int attempt) {}

  void encode(Buf out) {
    out.clear().i64(until).varint(left);
    long token = number - 1;
    long due = 0;
    long put = 0;
    for (Hold hold : members()) {
      out.zigzag(hold.token() - token)
          .zigzag(hold.place().due() - due)
          .zigzag(hold.place().number() - put)
          .varint(hold.attempt());
      token = hold.token();
      due = hold.place().due();
      put = hold.place().number();
    }
  }

  /** The end of a record on disk. */
  static long end(byte[] record) {
    return new Bytes(record).i64();
  }

  static List<Item> items(byte[] record, long number) {
    Bytes in = new Bytes(record);
    in.i64();
    long count = in.varint();
    List<Item> items = new ArrayList<>();
    long token = number - 1;
    long due = 0;
    long put = 0;
    for (long i = 0; i < count; i++) {
      token += in.zigzag();
      due += in.zigzag();
      put += in.zigzag();
      items.add(new Item(token, new Place(due, put), (int) in.varint()));
    }
    return items;
  }
}
