package dev.pitstop.rocksdb;

import java.util.Arrays;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A walk over a range of one table, in the order of keys, as it was when the walk began. Not
 * thread-safe; to be closed.
 *
 * <p>The upper bound matters: without it a walk would cross all that was deleted behind its range.
 */
final class Walk implements AutoCloseable {
  private final Slice to;
  private final ReadOptions options;
  private final RocksIterator iterator;

  Walk(RocksDB db, ColumnFamilyHandle table, byte[] from, byte[] to) {
    this.to = new Slice(Arrays.copyOf(to, to.length));
    options = new ReadOptions().setIterateUpperBound(this.to).setTotalOrderSeek(true);
    iterator = db.newIterator(table, options);
    iterator.seek(from);
  }

  /** Whether it stands on a record; false at the end. */
  boolean valid() throws RocksDBException {
    if (iterator.isValid()) {
      return true;
    }
    iterator.status();
    return false;
  }

  byte[] key() {
    return iterator.key();
  }

  byte[] value() {
    return iterator.value();
  }

  void next() {
    iterator.next();
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    to.close();
  }
}
