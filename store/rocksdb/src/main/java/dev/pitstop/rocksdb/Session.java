package dev.pitstop.rocksdb;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * One opening of the data: its tables and what is known of them in memory. Thread-safe in {@link
 * #log} and {@link #tables}; all else is used under {@link #lock}.
 */
final class Session implements AutoCloseable {
  /*
   * What is in memory is changed before the batch is written. When writing fails the two may differ, so
   * the session is of no use then: the next is opened from what is on disk.
   */
  private final Tables tables;
  private final Queues queues;
  private final Leases leases;
  private final Numbers numbers;
  private final Log log;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Throwable failure;

  /** Opens the data of a directory, which is made when there is none. */
  static Session open(Path directory, InstantSource clock) throws RocksDBException {
    Tables tables;
    try {
      tables = Tables.open(directory.toString());
    } catch (RocksDBException e) {
      if (Tables.hasOthers(e)) {
        Format.checkUnopened(directory);
      }
      throw e;
    }
    try {
      Format.check(tables, directory);
      return new Session(tables, clock);
    } catch (RocksDBException | RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private Session(Tables tables, InstantSource clock) throws RocksDBException {
    this.tables = tables;
    this.clock = clock;
    byte[] ceiling = tables.get(Table.META, new Buf(8).raw(MetaKeys.CEILING));
    numbers = new Numbers(tables, ceiling == null ? 0 : new Bytes(ceiling).i64());
    queues = Queues.read(tables);
    leases = Recovery.leases(tables, queues);
    log = new Log(tables);
  }

  Tables tables() {
    return tables;
  }

  Queues queues() {
    return queues;
  }

  Leases leases() {
    return leases;
  }

  Numbers numbers() {
    return numbers;
  }

  Log log() {
    return log;
  }

  InstantSource clock() {
    return clock;
  }

  ReentrantLock lock() {
    return lock;
  }

  /** A queue with those leases ended that have run out; null when there is none. */
  @Nullable QueueState queue(String name, long now) {
    QueueState queue = queues.get(name);
    if (queue != null) {
      leases.expire(queue, now);
    }
    return queue;
  }

  /** Writes a change; says up to where the log has to be durable for it. */
  long commit(Change change) throws RocksDBException {
    change.seal();
    if (change.batch().isEmpty()) {
      return log.written();
    }
    tables.write(change.batch());
    return log.wrote();
  }

  /** Says that it is of no use any more. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Why it is of no use any more; null when it is. */
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void close() {
    tables.close();
  }
}
