package dev.pitstop.rocksdb;

import dev.pitstop.Page;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.Wakes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store in a directory of this machine. Thread-safe; one process at a time. */
final class RocksDbStore implements Store {
  /*
   * The gate: calls pass it together, closing and reopening pass it alone, because a native call on a
   * closed database ends the process. Behind it the session's lock keeps changes and looks in order,
   * each short; waiting for the disk comes after it was given back.
   */
  private static final Logger LOG = LoggerFactory.getLogger(RocksDbStore.class);
  private static final int REQUEUED_AT_ONCE = 1000;
  private static final int SETTLEMENT_SIZE = 128;

  private final Path directory;
  private final boolean sync;
  private final InstantSource clock;
  private final Opening opening;
  private final BackgroundSync backgroundSync;
  private final Wakes wakes = new Wakes();
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
  private @Nullable Session session;
  private boolean closed;

  /** Does something to what is stored. */
  private interface Work<T> {
    T in(Session session, Change change) throws RocksDBException;
  }

  /** Looks at what is stored. */
  private interface Look<T> {
    T in(Looking looking) throws RocksDBException;
  }

  private interface Use<T> {
    T of(Session session) throws RocksDBException;
  }

  /**
   * Opens the store in a directory.
   *
   * @param sync whether puts and removals wait until they are durable
   */
  static RocksDbStore open(Path directory, boolean sync, InstantSource clock) {
    return open(directory, sync, clock, System::nanoTime);
  }

  /** As {@link #open}, with the time that pauses after a failure go by. */
  static RocksDbStore open(Path directory, boolean sync, InstantSource clock, LongSupplier nanos) {
    Path absolute = directory.toAbsolutePath().normalize();
    return new RocksDbStore(absolute, sync, clock, new Opening(absolute, clock, nanos));
  }

  private RocksDbStore(Path directory, boolean sync, InstantSource clock, Opening opening) {
    this.directory = directory;
    this.sync = sync;
    this.clock = clock;
    this.opening = opening;
    session = opening.open();
    backgroundSync = new BackgroundSync(directory, this::syncAll);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    List<PutResult> results = new ArrayList<>(puts.size());
    while (results.size() < puts.size()) {
      PutChunk chunk = PutChunk.encode(puts, results.size());
      boolean last = results.size() + chunk.count() == puts.size();
      results.addAll(change(sync && last, chunk.size(), chunk::apply));
    }
    return results;
  }

  @Override
  public List<Entry> lease(String name, int limit, Duration leaseTime) {
    return change(
        false,
        SETTLEMENT_SIZE,
        (session, change) -> {
          long now = clock.millis();
          QueueState queue = session.queue(name, now);
          return queue == null || limit <= 0
              ? List.of()
              : new Leasing(session, change, queue).lease(limit, leaseTime, now);
        });
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return change(
        false,
        SETTLEMENT_SIZE * settlements.size(),
        (session, change) -> new Settling(session, change).settle(settlements));
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return change(
        sync,
        SETTLEMENT_SIZE * keys.size(),
        (session, change) -> new Removing(session, change).remove(keys));
  }

  @Override
  public Optional<Duration> untilNextDue(String name) {
    wakes.asleepUntil(name, Looking.NEVER);
    Instant now = clock.instant();
    long next =
        use(
            session -> {
              QueueState queue = session.queue(name, now.toEpochMilli());
              return new Looking(session).nextLeasable(queue);
            });
    wakes.asleepUntil(name, next);
    if (next == Looking.NEVER) {
      return Optional.empty();
    }
    Duration wait = Duration.between(now, Instant.ofEpochMilli(next));
    return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    gate.readLock().lock();
    try {
      refuseClosed();
      return wakes.add(queue, wake);
    } finally {
      gate.readLock().unlock();
    }
  }

  @Override
  public Optional<Entry> find(Key key) {
    return look(looking -> looking.find(key));
  }

  @Override
  public Page<Entry> list(String name, Optional<State> state, Optional<String> from, int limit) {
    ListPlace after = from.map(ListPlace::parse).orElse(ListPlace.FIRST);
    return use(
        session -> {
          QueueState queue = session.queue(name, clock.millis());
          return new Looking(session).list(queue, state, after, limit);
        });
  }

  @Override
  public List<QueueStats> stats() {
    return look(Looking::stats);
  }

  @Override
  public boolean requeue(Key key) {
    return change(
        sync, SETTLEMENT_SIZE, (session, change) -> new Requeuing(session, change).requeue(key));
  }

  @Override
  public long requeueAll(String name) {
    long all = 0;
    int some;
    do {
      some =
          change(
              sync,
              SETTLEMENT_SIZE * REQUEUED_AT_ONCE,
              (session, change) ->
                  new Requeuing(session, change)
                      .requeueSome(session.queues().get(name), REQUEUED_AT_ONCE));
      all += some;
    } while (some == REQUEUED_AT_ONCE);
    return all;
  }

  @Override
  public long purge(String name) {
    return change(
        sync,
        SETTLEMENT_SIZE,
        (session, change) -> {
          QueueState queue = session.queues().get(name);
          return queue == null ? 0L : new Removing(session, change).purge(queue);
        });
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return Optional.empty();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return Optional.empty();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SURVIVES_KILL, Capability.SETTABLE_CLOCK);
  }

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

  private <T> T look(Look<T> look) {
    return use(session -> look.in(new Looking(session)));
  }

  /** Looks under the session's lock. */
  private <T> T use(Use<T> use) {
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

  private <T> T change(boolean durable, int size, Work<T> work) {
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

  private <T> T pass(Use<T> use) {
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
