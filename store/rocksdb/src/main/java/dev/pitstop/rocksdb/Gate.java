package dev.pitstop.rocksdb;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Wakes;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets calls pass to the open session, which it opens anew after a failure. Thread-safe.
 *
 * <p>Each call throws {@link StoreUnavailableException} when the session cannot be used or the gate
 * was closed, and {@link PitstopException} when what is read is damaged.
 */
final class Gate implements AutoCloseable {
  /*
   * Calls pass it together, closing and reopening pass it alone, because a native call on a closed
   * database ends the process. Behind it the session's lock keeps changes and looks in order, each short;
   * waiting for the disk comes after it was given back.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final Path directory;
  private final Opening opening;
  private final Wakes wakes;
  private final BackgroundSync backgroundSync;
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private @Nullable Session session;
  private boolean closed;

  /** Does something to what is stored. */
  interface Work<T> {
    T in(Session session, Change change) throws RocksDBException;
  }

  /** Uses a session. */
  interface Use<T> {
    T of(Session session) throws RocksDBException;
  }

  /**
   * Opens the first session.
   *
   * @param wakes hears what became leasable
   */
  Gate(Path directory, Opening opening, Wakes wakes) {
    this.directory = directory;
    this.opening = opening;
    this.wakes = wakes;
    session = opening.open();
    backgroundSync = new BackgroundSync(directory, this::syncAll);
  }

  /** Uses it without the session's lock: what is safe for many threads, and what takes the lock. */
  <T> T pass(Use<T> use) {
    while (true) {
      gate.readLock().lock();
      try {
        refuseClosed();
        if (session != null && session.failure() == null) {
          return use.of(session);
        }
      } catch (RocksDBException e) {
        throw opening.unavailable(e);
      } catch (DamagedException e) {
        throw new PitstopException("what " + directory + " holds is damaged: " + e.getMessage(), e);
      } finally {
        gate.readLock().unlock();
      }
      reopen();
    }
  }

  /** Uses it under the session's lock. */
  <T> T use(Use<T> use) {
    return pass(
        session -> {
          session.lock().lock();
          try {
            return use.of(session);
          } finally {
            session.lock().unlock();
          }
        });
  }

  /**
   * Writes what some work changes, together or not at all.
   *
   * @param durable whether to wait until it is
   * @param size roughly how many bytes that is
   */
  <T> T change(boolean durable, int size, Work<T> work) {
    return pass(
        session -> {
          Change change = new Change(size);
          T result;
          try {
            long written;
            session.lock().lock();
            try {
              result = work.in(session, change);
              written = session.commit(change);
            } finally {
              session.lock().unlock();
            }
            if (durable) {
              session.log().sync(written);
            } else {
              backgroundSync.written();
            }
          } catch (RocksDBException | RuntimeException | Error e) {
            session.fail(e);
            throw e;
          }
          if (!change.batch().isEmpty()) {
            opening.works();
          }
          change.wake(wakes);
          return result;
        });
  }

  /** Does what needs no session, while it is not closed. */
  <T> T whileOpen(Supplier<T> what) {
    gate.readLock().lock();
    try {
      refuseClosed();
      return what.get();
    } finally {
      gate.readLock().unlock();
    }
  }

  /** Closes it; may be called again. */
  @Override
  public void close() {
    gate.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      HolderFile.delete(directory);
      if (session != null) {
        flush(session);
        session.close();
        session = null;
      }
    } finally {
      gate.writeLock().unlock();
    }
    backgroundSync.close();
  }

  private void flush(Session last) {
    if (last.failure() != null) {
      return;
    }
    try {
      last.tables().sync();
      last.tables().flush();
    } catch (RocksDBException e) {
      LOG.warn("{} is closed without flushing; opening it will read the log", directory, e);
    }
  }

  private void syncAll() {
    pass(
        session -> {
          try {
            session.log().sync(session.log().written());
          } catch (RocksDBException e) {
            session.fail(e);
            throw e;
          }
          return true;
        });
  }

  private void refuseClosed() {
    if (closed) {
      throw new StoreUnavailableException("the store in " + directory + " is closed");
    }
  }

  private void reopen() {
    gate.writeLock().lock();
    try {
      Session failed = session;
      Throwable failure = failed == null ? null : failed.failure();
      if (closed || (failed != null && failure == null)) {
        return;
      }
      if (failed != null && failure != null) {
        opening.failed(failure);
        session = null;
        failed.close();
      }
      session = opening.reopen();
    } finally {
      gate.writeLock().unlock();
    }
    wakes.all();
  }
}
