package dev.pitstop.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The floor: RocksDB with two keys a message, one by due time and one by id, and nothing else. Used
 * by one thread.
 */
final class RawRocksDb implements AutoCloseable {
  private final DBOptions options =
      new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final List<ColumnFamilyHandle> families = new ArrayList<>();
  private final RocksDB db;
  private final ColumnFamilyHandle due;
  private final ColumnFamilyHandle messages;
  private long seq;

  RawRocksDb(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    List<ColumnFamilyDescriptor> descriptors =
        List.of(
            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
            new ColumnFamilyDescriptor(new byte[] {'d'}),
            new ColumnFamilyDescriptor(new byte[] {'m'}));
    db = RocksDB.open(options, directory.toString(), descriptors, families);
    due = families.get(1);
    messages = families.get(2);
  }

  /** Writes a batch of messages with random ids, due in the order they are written, synced once. */
  void put(int count, byte[] body) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (int i = 0; i < count; i++) {
        byte[] id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id);
        batch.put(due, ByteBuffer.allocate(16).putLong(1).putLong(seq++).array(), id);
        batch.put(messages, id, body);
      }
      db.write(synced, batch);
    }
  }

  /** Takes every message, {@code size} at a time: iterates, gets and deletes, unsynced. */
  long drain(int size) throws RocksDBException {
    long taken = 0;
    byte[] from = new byte[16];
    while (true) {
      int count = 0;
      try (WriteBatch batch = new WriteBatch();
          RocksIterator iterator = db.newIterator(due)) {
        for (iterator.seek(from); iterator.isValid() && count < size; iterator.next()) {
          byte[] key = iterator.key();
          byte[] id = iterator.value();
          if (db.get(messages, id) == null) {
            throw new IllegalStateException("a body is missing");
          }
          batch.delete(due, key);
          batch.delete(messages, id);
          from = key;
          count++;
        }
        if (count == 0) {
          return taken;
        }
        db.write(unsynced, batch);
      }
      taken += count;
    }
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    db.close();
    options.close();
    synced.close();
    unsynced.close();
  }
}
