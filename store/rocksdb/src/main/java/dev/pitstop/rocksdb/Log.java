package dev.pitstop.rocksdb;

import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDBException;

/**
 * Says how much of the log is durable. Thread-safe.
 *
 * <p>Waiting for the disk is done outside the session's lock: meanwhile others write and lease, and
 * one wait serves all that were written before it began.
 */
final class Log {
  private final Tables tables;
  private final ReentrantLock syncing = new ReentrantLock();
  private volatile long written;
  private long synced;

  Log(Tables tables) {
    this.tables = tables;
  }

  /** Says that something was written, under the session's lock; for {@link #sync}. */
  long wrote() {
    long next = written + 1;
    written = next;
    return next;
  }

  /** What was written last. */
  long written() {
    return written;
  }

  /** Returns when all that was written up to a point is durable. */
  void sync(long upTo) throws RocksDBException {
    syncing.lock();
    try {
      if (synced < upTo) {
        long now = written;
        tables.sync();
        synced = now;
      }
    } finally {
      syncing.unlock();
    }
  }
}
