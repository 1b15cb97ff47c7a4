package dev.pitstop.rocksdb;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Changes that are written together or not at all. Not thread-safe.
 *
 * <p>Built in the serial form of a RocksDB write batch, so that one native call hands over all of
 * them: eight bytes of sequence, four of count, lowest byte first, then a record for each change.
 */
final class Batch {
  private static final int HEADER = 12;
  private static final int COUNT_AT = 8;
  private static final int DELETE = 0x4;
  private static final int PUT = 0x5;
  private static final int DELETE_RANGE = 0xE;

  private final Buf out;
  private int count;

  Batch(int capacity) {
    out = new Buf(capacity + HEADER).i64(0).u32(0);
  }

  boolean isEmpty() {
    return count == 0;
  }

  void put(Table table, Buf key, Buf value) {
    put(table, key, value.bytes(), 0, value.length());
  }

  void put(Table table, Buf key, byte[] value, int from, int length) {
    record(PUT, table, key.bytes(), key.length());
    out.varint(length).raw(value, from, length);
  }

  void delete(Table table, Buf key) {
    record(DELETE, table, key.bytes(), key.length());
  }

  /** Deletes the keys from one on and before another. */
  void deleteRange(Table table, byte[] from, byte[] to) {
    record(DELETE_RANGE, table, from, from.length);
    out.varint(to.length).raw(to);
  }

  private void record(int kind, Table table, byte[] key, int keyLength) {
    count++;
    out.u8(kind).varint(table.number()).varint(keyLength).raw(key, 0, keyLength);
  }

  /** The batch for RocksDB; to be closed. */
  WriteBatch open() throws RocksDBException {
    out.setLittleEndian(COUNT_AT, count);
    return new WriteBatch(out.toArray());
  }
}
