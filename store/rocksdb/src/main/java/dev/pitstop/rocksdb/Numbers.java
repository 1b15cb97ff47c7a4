package dev.pitstop.rocksdb;

import org.rocksdb.RocksDBException;

/**
 * The one series that numbers puts, burials and lease records and gives the tokens. No number is
 * ever given twice. Not thread-safe: used under the session's lock.
 */
final class Numbers {
  /*
   * Only puts are made durable at once, so a power loss may forget a lease with its token. Numbers are
   * therefore taken from below a ceiling that is durable before any of them is used, and an opened
   * store goes on from the ceiling (E04).
   */
  private static final long BLOCK = 1L << 20;

  private final Tables tables;
  private long next;
  private long ceiling;

  Numbers(Tables tables, long ceiling) {
    this.tables = tables;
    this.next = Math.max(1, ceiling);
    this.ceiling = ceiling;
  }

  /** Takes a run of numbers; says the first. */
  long take(int count) throws RocksDBException {
    if (next + count > ceiling) {
      long raised = next + count + BLOCK;
      tables.putDurably(Table.META, MetaKeys.CEILING, new Buf(8).i64(raised).toArray());
      ceiling = raised;
    }
    long first = next;
    next += count;
    return first;
  }

  /** The number that is taken next. */
  long next() {
    return next;
  }
}
