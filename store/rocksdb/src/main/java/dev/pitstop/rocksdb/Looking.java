package dev.pitstop.rocksdb;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Looks without changing what is on disk. Used under the session's lock. */
final class Looking {
  static final long NEVER = Long.MAX_VALUE;

  private final Session session;
  private final Buf key = new Buf(64);

  Looking(Session session) {
    this.session = session;
  }

  /** The body of a message that was put with a number. */
  static byte[] body(Session session, QueueState queue, long number, Value value)
      throws RocksDBException {
    if (!value.large()) {
      return value.inlineBody();
    }
    Buf key = Keys.numbered(new Buf(12), queue.number(), number);
    byte[] body = session.tables().get(Table.BODIES, key);
    if (body == null) {
      throw new DamagedException("the body of " + value.id() + " is missing");
    }
    return body;
  }

  /** What stands where the index says that a message is. */
  static byte[] record(Session session, Key message, QueueState queue, Location location)
      throws RocksDBException {
    Buf key = new Buf(20);
    byte[] record =
        location.buried()
            ? session.tables().get(Table.BURIED, Keys.numbered(key, queue.number(), location.at()))
            : session.tables().get(Table.DUE, Keys.due(key, queue.number(), location.place()));
    if (record == null) {
      throw new DamagedException(message + " is not where the index says");
    }
    return record;
  }

  Optional<Entry> find(Key message) throws RocksDBException {
    QueueState queue = session.queue(message.queue(), session.clock().millis());
    Location location = Removing.find(session, List.of(message)).get(message);
    if (queue == null || location == null) {
      return Optional.empty();
    }
    byte[] bytes = record(session, message, queue, location);
    return Optional.of(
        location.buried() ? buried(queue, bytes) : live(queue, location.place(), bytes));
  }

  /** The waiting or leased message at a place. */
  Entry live(QueueState queue, Place place, byte[] record) throws RocksDBException {
    Value value = Value.decode(record, place.due());
    byte[] body = body(session, queue, place.number(), value);
    Hold hold = session.leases().ofNumber(place.number());
    if (hold == null) {
      Key message = new Key(queue.name(), value.id());
      return value.entry(message, body, State.SCHEDULED, value.progress().attempts(), null);
    }
    return hold.running()
        ? value.entry(hold.key(), body, State.LEASED, hold.attempt(), hold.lease())
        : value.entry(hold.key(), body, State.SCHEDULED, hold.attempt(), null);
  }

  Entry buried(QueueState queue, byte[] bytes) throws RocksDBException {
    Burial burial = Burial.decode(bytes);
    Value value = Value.decode(burial.record(), burial.due());
    byte[] body = body(session, queue, burial.number(), value);
    Key message = new Key(queue.name(), value.id());
    return value.entry(message, body, State.BURIED, value.progress().attempts(), null);
  }

  Page<Entry> list(@Nullable QueueState queue, Filter filter, ListPlace after, int limit)
      throws RocksDBException {
    return queue == null
        ? new Page<>(List.of(), Optional.empty())
        : new Listing(session, this, queue, limit).page(filter, after);
  }

  /** When something of a queue can be leased next, in milliseconds since 1970; or never. */
  long nextLeasable(@Nullable QueueState queue) throws RocksDBException {
    if (queue == null || queue.paused()) {
      return NEVER;
    }
    long due = nextDue(queue);
    return queue.running().isEmpty() ? due : Math.min(due, queue.running().first().until());
  }

  List<QueueStats> stats() throws RocksDBException {
    long now = session.clock().millis();
    List<QueueStats> stats = new ArrayList<>();
    for (QueueState queue : session.queues().all()) {
      session.leases().expire(queue, now);
      if (queue.live() + queue.buried() > 0 || queue.paused()) {
        long due = nextDue(queue);
        stats.add(
            new QueueStats(
                queue.name(),
                queue.live() - queue.leased(),
                queue.leased(),
                queue.buried(),
                due == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due)),
                queue.paused()));
      }
    }
    return stats;
  }

  /**
   * The due time of the first message that waits; or never. Moves the cursor up to it, so that
   * looking again is cheap whatever was deleted before it.
   */
  private long nextDue(QueueState queue) throws RocksDBException {
    long behind = queue.behind().isEmpty() ? NEVER : queue.behind().first().due();
    if (queue.live() == queue.leased() || behind < queue.cursor().due()) {
      return behind;
    }
    byte[] from = Keys.due(key, queue.number(), queue.cursor()).toArray();
    byte[] to = Keys.queueStart(queue.number() + 1);
    try (Walk walk = session.tables().walk(Table.DUE, from, to)) {
      for (; walk.valid(); walk.next()) {
        Place place = Keys.place(walk.key());
        boolean held = session.leases().ofNumber(place.number()) != null;
        if (!held && !queue.behind().contains(place)) {
          queue.advance(place);
          return Math.min(behind, place.due());
        }
      }
    }
    queue.advance(Place.END);
    return behind;
  }
}
