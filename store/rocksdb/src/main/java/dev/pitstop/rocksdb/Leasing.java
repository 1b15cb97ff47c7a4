package dev.pitstop.rocksdb;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases the first due messages of a queue. Not thread-safe: one for each change. */
final class Leasing {
  /*
   * Two ordered streams are merged: what waits behind the cursor, known in memory, and what the table
   * holds from the cursor on. What a lease holds is skipped in the second; if that lease has run out,
   * the message is in the first.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Leasing.class);

  /** So many bytes of bodies are leased at once at most, but always one message. */
  private static final long BODIES_MOST = 32L << 20;

  private final Session session;
  private final Change change;
  private final QueueState queue;
  private final Buf key = new Buf(64);
  private final Buf value = new Buf(1024);
  private final List<Pick> picks = new ArrayList<>();
  private long bodies;

  /** What will be leased. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Pick(Place place, Value value, byte[] body) {}

  Leasing(Session session, Change change, QueueState queue) {
    this.session = session;
    this.change = change;
    this.queue = queue;
  }

  List<Entry> lease(int limit, Duration leaseTime, long now) throws RocksDBException {
    pick(limit, now);
    if (picks.isEmpty()) {
      return List.of();
    }
    long first = session.numbers().take(picks.size());
    LeaseRecord record = new LeaseRecord(queue, first, Lease.end(now, leaseTime));
    List<Entry> entries = new ArrayList<>(picks.size());
    for (int i = 0; i < picks.size(); i++) {
      Pick pick = picks.get(i);
      Hold before = session.leases().ofNumber(pick.place().number());
      int attempt = 1 + pick.value().progress().attempts();
      Key message;
      if (before == null) {
        message = new Key(queue.name(), pick.value().id());
        queue.leaves(pick.place());
      } else {
        message = before.key();
        attempt = 1 + before.attempt();
        session.leases().drop(before, change);
      }
      Hold hold =
          new Hold(
              queue, message, pick.place(), first + i, attempt, pick.value().large(), record, i);
      session.leases().add(hold);
      entries.add(pick.value().entry(message, pick.body(), State.LEASED, attempt, hold.lease()));
    }
    change.touches(queue);
    record.encode(value);
    change.batch().put(Table.LEASES, Keys.numbered(key, queue.number(), first), value);
    return entries;
  }

  private void pick(int limit, long now) throws RocksDBException {
    Iterator<Place> behind = List.copyOf(firstBehind(limit)).iterator();
    Place waiting = nextDue(behind, now);
    while (waiting != null && waiting.before(queue.cursor()) && hasRoom(limit)) {
      read(waiting);
      waiting = nextDue(behind, now);
    }
    if (queue.cursor().due() > now || !hasRoom(limit)) {
      return;
    }
    byte[] from = Keys.due(key, queue.number(), queue.cursor()).toArray();
    byte[] to = Keys.due(key, queue.number(), now + 1, 0).toArray();
    try (Walk walk = session.tables().walk(Table.DUE, from, to)) {
      for (; hasRoom(limit) && walk.valid(); walk.next()) {
        Place place = Keys.place(walk.key());
        while (waiting != null && waiting.before(place) && hasRoom(limit)) {
          read(waiting);
          waiting = nextDue(behind, now);
        }
        if (!hasRoom(limit)) {
          return;
        }
        if (place.equals(waiting)) {
          take(place, walk.value());
          waiting = nextDue(behind, now);
        } else if (session.leases().ofNumber(place.number()) == null) {
          take(place, walk.value());
        }
        queue.advance(place.next());
      }
      if (!walk.valid() && hasRoom(limit)) {
        queue.advance(new Place(now, session.numbers().next()));
      }
    }
    while (waiting != null && hasRoom(limit)) {
      read(waiting);
      waiting = nextDue(behind, now);
    }
  }

  private List<Place> firstBehind(int limit) {
    List<Place> first = new ArrayList<>();
    for (Place place : queue.behind()) {
      if (first.size() == limit) {
        break;
      }
      first.add(place);
    }
    return first;
  }

  private static @Nullable Place nextDue(Iterator<Place> behind, long now) {
    Place next = behind.hasNext() ? behind.next() : null;
    return next == null || next.due() > now ? null : next;
  }

  private boolean hasRoom(int limit) {
    return picks.size() < limit && bodies < BODIES_MOST;
  }

  private void read(Place place) throws RocksDBException {
    byte[] record = session.tables().get(Table.DUE, Keys.due(key, queue.number(), place));
    if (record == null) {
      LOG.error("a message of queue {} due at {} is not in its place", queue.name(), place.due());
      queue.leaves(place);
      return;
    }
    take(place, record);
  }

  /** A record that cannot be read stays where it is and does not stop the others. */
  private void take(Place place, byte[] record) throws RocksDBException {
    try {
      Value decoded = Value.decode(record, place.due());
      byte[] body = Looking.body(session, queue, place.number(), decoded);
      picks.add(new Pick(place, decoded, body));
      bodies += body.length;
    } catch (DamagedException e) {
      LOG.error("a message of queue {} due at {} cannot be read", queue.name(), place.due(), e);
      queue.leaves(place);
    }
  }
}
