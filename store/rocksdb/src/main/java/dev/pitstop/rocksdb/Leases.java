package dev.pitstop.rocksdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leases that were not settled, running or run out. Not thread-safe: used under the session's
 * lock.
 */
final class Leases {
  /*
   * That a lease runs out is written nowhere: its end stands in its record. It is kept here until it is
   * settled, leased again or its message goes, since its token still settles it.
   */
  private final Map<Long, Hold> byToken = new HashMap<>();
  private final Map<Long, Hold> byNumber = new HashMap<>();

  @Nullable Hold ofToken(long token) {
    return byToken.get(token);
  }

  /** The lease of the message that was put with a number. */
  @Nullable Hold ofNumber(long number) {
    return byNumber.get(number);
  }

  /** Lets a lease run, as part of its record. */
  void add(Hold hold) {
    LeaseRecord record = hold.record();
    if (record.left() == 0) {
      record.queue().running().add(record);
    }
    record.add(hold);
    record.queue().countLeased(1);
    byToken.put(hold.token(), hold);
    byNumber.put(hold.place().number(), hold);
  }

  /** Ends a lease; its record is deleted with the last. */
  void drop(Hold hold, Change change) {
    LeaseRecord record = hold.record();
    byToken.remove(hold.token());
    byNumber.remove(hold.place().number());
    if (record.expired()) {
      record.queue().leaves(hold.place());
    } else {
      record.queue().countLeased(-1);
    }
    if (record.leave(hold)) {
      record.queue().running().remove(record);
      change.deleteLeaseRecord(record);
    }
  }

  /** Lets those of a queue wait again whose lease has run out. */
  void expire(QueueState queue, long now) {
    while (!queue.running().isEmpty() && queue.running().first().until() <= now) {
      LeaseRecord record = queue.running().pollFirst();
      record.expire();
      for (Hold hold : record.members()) {
        queue.countLeased(-1);
        queue.comesBack(hold.place());
      }
    }
  }

  /** Below this nothing of a queue waits and nothing is leased. */
  Place first(QueueState queue) {
    Place first = queue.mark();
    for (Hold hold : of(queue)) {
      if (hold.place().before(first)) {
        first = hold.place();
      }
    }
    return first;
  }

  /** Those of a queue in no order. */
  List<Hold> of(QueueState queue) {
    List<Hold> holds = new ArrayList<>();
    for (Hold hold : byToken.values()) {
      if (hold.queue() == queue) {
        holds.add(hold);
      }
    }
    return holds;
  }

  /** Forgets those of a queue. */
  void forget(QueueState queue) {
    for (Hold hold : of(queue)) {
      byToken.remove(hold.token());
      byNumber.remove(hold.place().number());
    }
  }
}
