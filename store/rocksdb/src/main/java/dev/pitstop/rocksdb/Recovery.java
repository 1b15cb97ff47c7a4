package dev.pitstop.rocksdb;

import dev.pitstop.spi.Key;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds again, when a store is opened, what was leased and not settled. */
final class Recovery {
  /*
   * Lease records are read in the order they were written, so the later of two that tell of one message
   * wins. A message that is not at the place that the record tells was settled, and so was one whose
   * record says that leases up to this token are over: it may have come back to the very same place.
   * A record that nothing is left of is deleted.
   */
  private record Found(LeaseRecord record, LeaseRecord.Item item, Value value) {}

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Tables tables;
  private final Buf key = new Buf(32);

  private Recovery(Tables tables) {
    this.tables = tables;
  }

  /** The leases of all queues. */
  static Leases leases(Tables tables, Queues queues) throws RocksDBException {
    Recovery recovery = new Recovery(tables);
    Leases leases = new Leases();
    Change change = new Change(0);
    for (QueueState queue : queues.all()) {
      recovery.read(queue, leases, change);
    }
    if (!change.batch().isEmpty()) {
      tables.write(change.batch());
    }
    return leases;
  }

  private void read(QueueState queue, Leases leases, Change change) throws RocksDBException {
    Map<Long, LeaseRecord> records = new LinkedHashMap<>();
    Map<Long, Found> found = new HashMap<>();
    byte[] start = Keys.queueStart(queue.number());
    byte[] end = Keys.queueStart(queue.number() + 1);
    try (Walk walk = tables.walk(Table.LEASES, start, end)) {
      for (; walk.valid(); walk.next()) {
        long number = Keys.number(walk.key());
        byte[] bytes = walk.value();
        LeaseRecord record = new LeaseRecord(queue, number, LeaseRecord.end(bytes));
        records.put(number, record);
        for (LeaseRecord.Item item : LeaseRecord.items(bytes, number)) {
          find(queue, record, item).ifPresent(one -> found.put(item.place().number(), one));
        }
      }
    }
    for (Found lease : found.values()) {
      leases.add(
          new Hold(
              queue,
              new Key(queue.name(), lease.value().id()),
              lease.item().place(),
              lease.item().token(),
              lease.item().attempt(),
              lease.value().large(),
              lease.record(),
              lease.record().size()));
    }
    for (LeaseRecord record : records.values()) {
      if (record.left() == 0) {
        change.deleteLeaseRecord(record);
      }
    }
  }

  private Optional<Found> find(QueueState queue, LeaseRecord record, LeaseRecord.Item item)
      throws RocksDBException {
    byte[] message = tables.get(Table.DUE, Keys.due(key, queue.number(), item.place()));
    if (message == null) {
      return Optional.empty();
    }
    try {
      Value value = Value.decode(message, item.place().due());
      boolean settled = item.token() <= value.settledToken();
      return settled ? Optional.empty() : Optional.of(new Found(record, item, value));
    } catch (DamagedException e) {
      LOG.error("a leased message of queue {} cannot be read", queue.name(), e);
      return Optional.empty();
    }
  }
}
