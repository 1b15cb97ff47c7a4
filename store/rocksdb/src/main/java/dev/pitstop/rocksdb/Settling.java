package dev.pitstop.rocksdb;

import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/** Settles leases by their tokens. Not thread-safe: one for each change. */
final class Settling {
  private record Extension(QueueState queue, long until) {}

  private final Session session;
  private final Change change;
  private final Buf key = new Buf(64);
  private final Buf value = new Buf(1024);
  private final Map<Extension, LeaseRecord> extensions = new HashMap<>();

  Settling(Session session, Change change) {
    this.session = session;
    this.change = change;
  }

  List<Boolean> settle(List<Settlement> settlements) throws RocksDBException {
    List<Boolean> results = new ArrayList<>(settlements.size());
    for (Settlement settlement : settlements) {
      Hold hold = session.leases().ofToken(settlement.token());
      boolean holds = hold != null && hold.key().equals(settlement.key());
      if (hold != null && holds) {
        settle(hold, settlement);
      }
      results.add(holds);
    }
    for (LeaseRecord record : extensions.values()) {
      if (record.left() > 0) {
        record.encode(value);
        Keys.numbered(key, record.queue().number(), record.number());
        change.batch().put(Table.LEASES, key, value);
      }
    }
    return results;
  }

  private void settle(Hold hold, Settlement settlement) throws RocksDBException {
    change.touches(hold.queue());
    if (settlement instanceof Settlement.Delete) {
      delete(hold);
    } else if (settlement instanceof Settlement.Move move) {
      move(hold, move.progress());
    } else if (settlement instanceof Settlement.Bury bury) {
      bury(hold, bury.progress());
    } else if (settlement instanceof Settlement.Extend extend) {
      extend(hold, extend.leaseTime());
    }
  }

  private void delete(Hold hold) {
    QueueState queue = hold.queue();
    Batch batch = change.batch();
    batch.delete(Table.DUE, Keys.due(key, queue.number(), hold.place()));
    batch.delete(Table.MESSAGES, Keys.message(key, queue.number(), hold.key().id()));
    if (hold.large()) {
      batch.delete(Table.BODIES, Keys.numbered(key, queue.number(), hold.place().number()));
    }
    session.leases().drop(hold, change);
    queue.countLive(-1);
  }

  private void move(Hold hold, Progress progress) throws RocksDBException {
    QueueState queue = hold.queue();
    Place place = new Place(progress.due().toEpochMilli(), hold.place().number());
    byte[] record = record(hold);
    Batch batch = change.batch();
    if (!place.equals(hold.place())) {
      batch.delete(Table.DUE, Keys.due(key, queue.number(), hold.place()));
    }
    value.clear();
    Value.moved(value, record, progress, hold.token());
    batch.put(Table.DUE, Keys.due(key, queue.number(), place), value);
    index(hold, Location.waiting(place, hold.large()));
    session.leases().drop(hold, change);
    queue.waits(place);
    change.leasableAt(queue, place.due());
  }

  private void bury(Hold hold, Progress progress) throws RocksDBException {
    QueueState queue = hold.queue();
    byte[] record = record(hold);
    long burial = session.numbers().take(1);
    Location location = new Location(true, hold.large(), burial, hold.place().number());
    change.batch().delete(Table.DUE, Keys.due(key, queue.number(), hold.place()));
    value.clear();
    Value.moved(value, record, progress, hold.token());
    long due = progress.due().toEpochMilli();
    Burial.put(change.batch(), queue, location, due, value.bytes(), 0, value.length());
    index(hold, location);
    session.leases().drop(hold, change);
    queue.countLive(-1);
    queue.countBuried(1);
  }

  private void extend(Hold hold, Duration leaseTime) throws RocksDBException {
    long until = Lease.end(session.clock().millis(), leaseTime);
    Extension extension = new Extension(hold.queue(), until);
    LeaseRecord record = extensions.get(extension);
    if (record == null) {
      record = new LeaseRecord(hold.queue(), session.numbers().take(1), until);
      extensions.put(extension, record);
    }
    session.leases().drop(hold, change);
    session.leases().add(hold.in(record));
    change.leasableAt(hold.queue(), until);
  }

  private void index(Hold hold, Location location) {
    value.clear();
    location.encode(value);
    Keys.message(key, hold.queue().number(), hold.key().id());
    change.batch().put(Table.MESSAGES, key, value);
  }

  private byte[] record(Hold hold) throws RocksDBException {
    byte[] record =
        session.tables().get(Table.DUE, Keys.due(key, hold.queue().number(), hold.place()));
    if (record == null) {
      throw new DamagedException(hold.key() + " is not in its place");
    }
    return record;
  }
}
