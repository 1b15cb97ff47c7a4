package dev.pitstop.rocksdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.HashLinkedListMemTableConfig;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The open database: its tables, and everything native that belongs to it. Safe for many threads as
 * long as none calls after {@link #close}: that would end the process.
 */
final class Tables implements AutoCloseable {
  private static final long BLOCK_CACHE = 32L << 20;
  private static final long WRITE_BUFFER = 16L << 20;

  /** So that writing goes on while one is flushed and another waits for that. */
  private static final int WRITE_BUFFERS = 4;

  /** Bounds how much log is read again after a kill. */
  private static final long LOG_MOST = 128L << 20;

  private static final int BLOOM_BITS = 10;

  /** So many bytes of a key in the index are hashed: an id and what stands before it. */
  private static final int KEY_HASHED = 64;

  /** About as many as the index has keys in memory. */
  private static final long HASH_BUCKETS = 200_000;

  /** So many keys of the index in memory take a few milliseconds to be put in order. */
  private static final long MANY_IN_MEMORY = 20_000;

  static {
    RocksDB.loadLibrary();
  }

  private final Deque<AutoCloseable> natives = new ArrayDeque<>();
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final RocksDB db;
  private final WriteOptions unsynced = own(new WriteOptions());
  private final WriteOptions synced = own(new WriteOptions().setSync(true));

  /** Opens the database of a directory; a new one is made where there is none. */
  static Tables open(String directory) throws RocksDBException {
    return new Tables(directory);
  }

  private Tables(String directory) throws RocksDBException {
    try {
      Cache cache = own(new LRUCache(BLOCK_CACHE));
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (Table table : Table.values()) {
        descriptors.add(new ColumnFamilyDescriptor(table.nameBytes(), options(table, cache)));
      }
      DBOptions options =
          own(
              new DBOptions()
                  .setCreateIfMissing(true)
                  .setCreateMissingColumnFamilies(true)
                  .setAllowConcurrentMemtableWrite(false)
                  .setMaxTotalWalSize(LOG_MOST)
                  .setRecycleLogFileNum(2)
                  .setKeepLogFileNum(2)
                  .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
      db = RocksDB.open(options, directory, descriptors, handles);
      for (Table table : Table.values()) {
        if (handles.get(table.number()).getID() != table.number()) {
          throw new RocksDBException("table " + table + " does not have its number");
        }
      }
    } catch (RocksDBException | RuntimeException e) {
      release();
      throw e;
    }
  }

  private ColumnFamilyOptions options(Table table, Cache cache) {
    BlockBasedTableConfig blocks =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setPinTopLevelIndexAndFilter(true)
            .setIndexType(IndexType.kTwoLevelIndexSearch);
    ColumnFamilyOptions options =
        own(
            new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.LZ4_COMPRESSION));
    if (table == Table.MESSAGES) {
      // its keys are random and seldom walked over: hashing them halves what putting one costs
      blocks.setFilterPolicy(own(new BloomFilter(BLOOM_BITS))).setPartitionFilters(true);
      options
          .useCappedPrefixExtractor(KEY_HASHED)
          .setMemTableConfig(new HashLinkedListMemTableConfig().setBucketCount(HASH_BUCKETS));
    }
    return options.setTableFormatConfig(blocks);
  }

  private <T extends AutoCloseable> T own(T thing) {
    natives.push(thing);
    return thing;
  }

  /** Whether a database was not opened because it has tables besides those known. */
  static boolean hasOthers(RocksDBException failure) {
    String message = failure.getMessage();
    return message != null && message.contains("Column families not opened");
  }

  /** Reads from a database that may have other tables than those known, and changes nothing. */
  static byte @Nullable [] getUnopened(String directory, byte[] key) throws RocksDBException {
    try (RocksDB db = RocksDB.openReadOnly(directory)) {
      return db.get(key);
    }
  }

  byte @Nullable [] get(Table table, Buf key) throws RocksDBException {
    return db.get(handle(table), Arrays.copyOf(key.bytes(), key.length()));
  }

  /** The values of many keys in their order, null where there is none. */
  List<byte @Nullable []> get(Table table, List<byte[]> keys) throws RocksDBException {
    return db.multiGetAsList(Collections.nCopies(keys.size(), handle(table)), keys);
  }

  /** Walks what lies from one key on and before another. */
  Walk walk(Table table, byte[] from, byte[] to) {
    return new Walk(db, handle(table), from, to);
  }

  /**
   * Has what is in memory of a table written out in the background when that is much, unless some
   * of it is being written out already. Waits for nothing and holds up no writer.
   */
  void relieve(Table table) throws RocksDBException {
    ColumnFamilyHandle handle = handle(table);
    if (db.getLongProperty(handle, "rocksdb.num-entries-active-mem-table") > MANY_IN_MEMORY
        && db.getLongProperty(handle, "rocksdb.num-immutable-mem-table") == 0) {
      try (FlushOptions options =
          new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
        db.flush(options, handle);
      }
    }
  }

  /** Walks what of a queue is waiting or leased from one place on and before another. */
  Walk walkDue(QueueState queue, Place from, Place to) {
    Buf key = new Buf(20);
    byte[] first = Keys.due(key, queue.number(), from).toArray();
    return walk(Table.DUE, first, Keys.due(key, queue.number(), to).toArray());
  }

  /** Writes a batch to the log and to memory; a crash of the machine may still lose it. */
  void write(Batch batch) throws RocksDBException {
    try (WriteBatch writes = batch.open()) {
      db.write(unsynced, writes);
    }
  }

  /** Writes a value and waits until it is durable. */
  void putDurably(Table table, byte[] key, byte[] value) throws RocksDBException {
    db.put(handle(table), synced, key, value);
  }

  /** Makes durable all that was written before. */
  void sync() throws RocksDBException {
    db.syncWal();
  }

  /** Writes what is in memory into table files, so that the next opening reads no log. */
  void flush() throws RocksDBException {
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      db.flush(options, handles);
    }
  }

  @Override
  public void close() {
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
    release();
  }

  private void release() {
    while (!natives.isEmpty()) {
      try {
        natives.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot release what RocksDB was opened with", e);
      }
    }
  }

  private ColumnFamilyHandle handle(Table table) {
    return handles.get(table.number());
  }
}
