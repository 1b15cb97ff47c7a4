package dev.pitstop.rocksdb;

import dev.pitstop.spi.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Takes messages out, whatever their state. Not thread-safe: one for each change. */
final class Removing {
  private final Session session;
  private final Change change;
  private final Buf key = new Buf(64);

  Removing(Session session, Change change) {
    this.session = session;
    this.change = change;
  }

  /** Where messages are, by their keys; those that are not there are missing. */
  static Map<Key, Location> find(Session session, List<Key> keys) throws RocksDBException {
    List<Key> asked = new ArrayList<>(keys.size());
    List<byte[]> raw = new ArrayList<>(keys.size());
    Buf buf = new Buf(64);
    for (Key message : keys) {
      QueueState queue = session.queues().get(message.queue());
      if (queue != null) {
        asked.add(message);
        raw.add(Keys.message(buf, queue.number(), message.id()).toArray());
      }
    }
    Map<Key, Location> found = new HashMap<>();
    if (!raw.isEmpty()) {
      List<byte @Nullable []> values = session.tables().get(Table.MESSAGES, raw);
      for (int i = 0; i < values.size(); i++) {
        byte[] value = values.get(i);
        if (value != null) {
          found.put(asked.get(i), Location.decode(value));
        }
      }
    }
    return found;
  }

  /** Removes messages; says of each whether it was there. */
  List<Boolean> remove(List<Key> keys) throws RocksDBException {
    Map<Key, Location> found = find(session, keys);
    List<Boolean> results = new ArrayList<>(keys.size());
    for (Key message : keys) {
      Location location = found.remove(message);
      QueueState queue = session.queues().get(message.queue());
      results.add(location != null);
      if (location != null && queue != null) {
        erase(queue, location);
        change.batch().delete(Table.MESSAGES, Keys.message(key, queue.number(), message.id()));
      }
    }
    return results;
  }

  /** Deletes all of a message but what the index says of it, and revokes its lease. */
  void erase(QueueState queue, Location location) {
    change.touches(queue);
    if (location.buried()) {
      queue.countBuried(-1);
      change.batch().delete(Table.BURIED, Keys.numbered(key, queue.number(), location.at()));
    } else {
      queue.countLive(-1);
      queue.leaves(location.place());
      change.batch().delete(Table.DUE, Keys.due(key, queue.number(), location.place()));
    }
    if (location.large()) {
      change.batch().delete(Table.BODIES, Keys.numbered(key, queue.number(), location.number()));
    }
    Hold hold = session.leases().ofNumber(location.number());
    if (hold != null) {
      session.leases().drop(hold, change);
    }
  }

  /** Removes all messages of a queue and revokes their leases; says how many there were. */
  long purge(QueueState queue) {
    long count = queue.live() + queue.buried();
    if (count == 0) {
      return 0;
    }
    byte[] from = Keys.queueStart(queue.number());
    byte[] to = Keys.queueStart(queue.number() + 1);
    for (Table table : Table.values()) {
      if (table != Table.META) {
        change.batch().deleteRange(table, from, to);
      }
    }
    session.leases().forget(queue);
    queue.clear();
    change.touches(queue);
    return count;
  }
}
