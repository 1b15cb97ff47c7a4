package dev.pitstop.rocksdb;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
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
import java.util.function.LongSupplier;
import org.rocksdb.RocksDBException;

/** The store in a directory of this machine. Thread-safe; one process at a time. */
final class RocksDbStore implements Store {
  private static final int REQUEUED_AT_ONCE = 1000;
  private static final int SETTLEMENT_SIZE = 128;

  private final boolean sync;
  private final InstantSource clock;
  private final Wakes wakes = new Wakes();
  private final Gate gate;

  /** Looks at what is stored. */
  private interface Look<T> {
    T in(Looking looking) throws RocksDBException;
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
    this.sync = sync;
    this.clock = clock;
    gate = new Gate(directory, opening, wakes);
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
      results.addAll(gate.change(sync && last, chunk.size(), chunk::apply));
    }
    return results;
  }

  @Override
  public List<Entry> lease(String name, int limit, Duration leaseTime) {
    return gate.change(
        false,
        SETTLEMENT_SIZE,
        (session, change) -> {
          long now = clock.millis();
          QueueState queue = session.queue(name, now);
          return queue == null || queue.paused() || limit <= 0
              ? List.of()
              : new Leasing(session, change, queue).lease(limit, leaseTime, now);
        });
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return gate.change(
        false,
        SETTLEMENT_SIZE * settlements.size(),
        (session, change) -> new Settling(session, change).settle(settlements));
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return gate.change(
        sync,
        SETTLEMENT_SIZE * keys.size(),
        (session, change) -> new Removing(session, change).remove(keys));
  }

  @Override
  public Optional<Duration> untilNextDue(String name) {
    wakes.asleepUntil(name, Looking.NEVER);
    Instant now = clock.instant();
    long next =
        gate.use(
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
    return gate.whileOpen(() -> wakes.add(queue, wake));
  }

  @Override
  public Optional<Entry> find(Key key) {
    return look(looking -> looking.find(key));
  }

  @Override
  public Page<Entry> list(String name, Filter filter, Optional<String> from, int limit) {
    ListPlace after = from.map(ListPlace::parse).orElse(ListPlace.FIRST);
    return gate.use(
        session -> {
          QueueState queue = session.queue(name, clock.millis());
          return new Looking(session).list(queue, filter, after, limit);
        });
  }

  @Override
  public Page<Entry> search(String name, String prefix, Optional<String> from, int limit) {
    Optional<String> after = from.map(text -> Searching.after(text, prefix));
    return gate.pass(session -> new Searching(session, name, limit).page(prefix, after));
  }

  @Override
  public List<QueueStats> stats() {
    return look(Looking::stats);
  }

  @Override
  public List<Long> countDue(String name, List<Instant> edges, int most) {
    return gate.pass(session -> new Counting(session, name, most).count(edges));
  }

  @Override
  public boolean requeue(Key key) {
    return gate.change(
        sync, SETTLEMENT_SIZE, (session, change) -> new Rescheduling(session, change).requeue(key));
  }

  @Override
  public long requeueAll(String name) {
    long all = 0;
    int some;
    do {
      some =
          gate.change(
              sync,
              SETTLEMENT_SIZE * REQUEUED_AT_ONCE,
              (session, change) ->
                  new Rescheduling(session, change)
                      .requeueSome(session.queues().get(name), REQUEUED_AT_ONCE));
      all += some;
    } while (some == REQUEUED_AT_ONCE);
    return all;
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return gate.change(
        sync,
        SETTLEMENT_SIZE,
        (session, change) -> new Rescheduling(session, change).reschedule(key, due));
  }

  @Override
  public boolean pause(String name, boolean paused) {
    return gate.change(
        sync,
        SETTLEMENT_SIZE,
        (session, change) -> session.queues().pause(name, paused, clock.millis(), change));
  }

  @Override
  public long purge(String name) {
    return gate.change(
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
    gate.close();
  }

  private <T> T look(Look<T> look) {
    return gate.use(session -> look.in(new Looking(session)));
  }
}
