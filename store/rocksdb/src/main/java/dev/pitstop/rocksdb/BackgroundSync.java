package dev.pitstop.rocksdb;

import dev.pitstop.PitstopException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes durable, about once a second, what was written without waiting for it. Rests while nothing
 * is written. Thread-safe.
 */
final class BackgroundSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundSync.class);
  private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

  private final Path directory;
  private final Runnable sync;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private volatile boolean pending;
  private boolean closed;

  /**
   * Starts its thread.
   *
   * @param sync makes durable what was written before
   */
  BackgroundSync(Path directory, Runnable sync) {
    this.directory = directory;
    this.sync = sync;
    thread = new Thread(this::run, "pitstop-rocksdb-sync");
    thread.setDaemon(true);
    thread.start();
  }

  /** Says that something was written. Quick. */
  void written() {
    if (!pending) {
      lock.lock();
      try {
        pending = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  private void run() {
    try {
      while (awaitTurn()) {
        syncNow();
      }
    } catch (InterruptedException e) {
      LOG.warn("{} is not synced any more: its thread was interrupted", directory, e);
    }
  }

  /** Waits until something was written and then for a second; false when closed. */
  private boolean awaitTurn() throws InterruptedException {
    lock.lock();
    try {
      while (!pending && !closed) {
        changed.await();
      }
      long left = PERIOD;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      pending = false;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void syncNow() {
    try {
      sync.run();
    } catch (PitstopException e) {
      LOG.debug("{} could not be synced; the next call shows why", directory, e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
