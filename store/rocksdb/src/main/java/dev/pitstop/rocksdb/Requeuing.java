package dev.pitstop.rocksdb;

import dev.pitstop.spi.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Makes buried messages due again. Not thread-safe: one for each change. */
final class Requeuing {
  private final Session session;
  private final Change change;
  private final Buf key = new Buf(64);
  private final Buf value = new Buf(256);

  Requeuing(Session session, Change change) {
    this.session = session;
    this.change = change;
  }

  boolean requeue(Key message) throws RocksDBException {
    QueueState queue = session.queues().get(message.queue());
    Location location = Removing.find(session, List.of(message)).get(message);
    if (queue == null || location == null || !location.buried()) {
      return false;
    }
    byte[] record =
        session.tables().get(Table.BURIED, Keys.numbered(key, queue.number(), location.at()));
    if (record == null) {
      throw new DamagedException(message + " is not where the index says");
    }
    requeue(queue, location.at(), record);
    return true;
  }

  /** Requeues the first buried ones of a queue; says how many. */
  int requeueSome(@Nullable QueueState queue, int limit) throws RocksDBException {
    if (queue == null) {
      return 0;
    }
    int count = 0;
    byte[] from = Keys.queueStart(queue.number());
    byte[] to = Keys.queueStart(queue.number() + 1);
    try (Walk walk = session.tables().walk(Table.BURIED, from, to)) {
      for (; count < limit && walk.valid(); walk.next()) {
        requeue(queue, Keys.number(walk.key()), walk.value());
        count++;
      }
    }
    return count;
  }

  private void requeue(QueueState queue, long buriedAs, byte[] bytes) {
    Burial burial = Burial.decode(bytes);
    Value old = Value.decode(burial.record(), burial.due());
    long now = session.clock().millis();
    Place place = new Place(now, burial.number());
    Batch batch = change.batch();
    batch.delete(Table.BURIED, Keys.numbered(key, queue.number(), buriedAs));
    value.clear();
    Value.moved(value, burial.record(), burial.requeued(now), old.settledToken());
    batch.put(Table.DUE, Keys.due(key, queue.number(), place), value);
    value.clear();
    Location.waiting(place, old.large()).encode(value);
    batch.put(Table.MESSAGES, Keys.message(key, queue.number(), old.id()), value);
    queue.countBuried(-1);
    queue.countLive(1);
    queue.waits(place);
    change.leasableAt(queue, now);
  }
}
