package dev.pitstop.rocksdb;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Makes messages that wait or are buried due anew. Not thread-safe: one for each change. */
final class Rescheduling {
  private final Session session;
  private final Change change;
  private final Buf key = new Buf(64);
  private final Buf value = new Buf(256);

  Rescheduling(Session session, Change change) {
    this.session = session;
    this.change = change;
  }

  /** Makes a message due at a time; says whether it is there and no lease keeps it. */
  boolean reschedule(Key message, Instant due) throws RocksDBException {
    QueueState queue = session.queue(message.queue(), session.clock().millis());
    Location location = Removing.find(session, List.of(message)).get(message);
    if (queue == null || location == null) {
      return false;
    }
    if (location.buried()) {
      Burial burial = Burial.decode(Looking.record(session, message, queue, location));
      Value old = Value.decode(burial.record(), burial.due());
      unbury(queue, location.at(), burial, old, old.rescheduled(due));
      return true;
    }
    Hold hold = session.leases().ofNumber(location.number());
    if (hold != null && hold.running()) {
      return false;
    }
    move(queue, location.place(), hold, Looking.record(session, message, queue, location), due);
    return true;
  }

  boolean requeue(Key message) throws RocksDBException {
    QueueState queue = session.queues().get(message.queue());
    Location location = Removing.find(session, List.of(message)).get(message);
    if (queue == null || location == null || !location.buried()) {
      return false;
    }
    requeue(queue, location.at(), Looking.record(session, message, queue, location));
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
    Instant now = Instant.ofEpochMilli(session.clock().millis());
    unbury(queue, buriedAs, burial, old, old.requeued(now));
  }

  private void unbury(
      QueueState queue, long buriedAs, Burial burial, Value old, Progress progress) {
    change.batch().delete(Table.BURIED, Keys.numbered(key, queue.number(), buriedAs));
    put(queue, burial.number(), burial.record(), old, progress, old.settledToken());
    queue.countBuried(-1);
    queue.countLive(1);
  }

  /** A lease that has run out is over with this, also for who reads its record later. */
  private void move(QueueState queue, Place from, @Nullable Hold hold, byte[] record, Instant due) {
    Value old = Value.decode(record, from.due());
    long settledToken = old.settledToken();
    if (hold == null) {
      queue.leaves(from);
    } else {
      settledToken = hold.token();
      session.leases().drop(hold, change);
    }
    if (due.toEpochMilli() != from.due()) {
      change.batch().delete(Table.DUE, Keys.due(key, queue.number(), from));
    }
    put(queue, from.number(), record, old, old.rescheduled(due), settledToken);
  }

  private void put(
      QueueState queue,
      long number,
      byte[] record,
      Value old,
      Progress progress,
      long settledToken) {
    Place place = new Place(progress.due().toEpochMilli(), number);
    value.clear();
    Value.moved(value, record, progress, settledToken);
    change.batch().put(Table.DUE, Keys.due(key, queue.number(), place), value);
    value.clear();
    Location.waiting(place, old.large()).encode(value);
    change.batch().put(Table.MESSAGES, Keys.message(key, queue.number(), old.id()), value);
    queue.waits(place);
    change.leasableAt(queue, place.due());
  }
}
