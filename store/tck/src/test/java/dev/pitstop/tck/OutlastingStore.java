package dev.pitstop.tck;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in memory that is there again when its directory is opened again, so that the tests of
 * reopening have something to be tried on. Thread-safe.
 */
final class OutlastingStore implements Store {
  private static final Map<Path, Store> KEPT = new ConcurrentHashMap<>();
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Store kept;
  private final Set<Capability> capabilities;
  private volatile boolean closed;

  private OutlastingStore(Path directory, Store kept, Set<Capability> capabilities) {
    this.directory = directory;
    this.kept = kept;
    this.capabilities = capabilities;
  }

  /** One as on a server: it has its own clock, and many may open it. */
  static Store onServer(Path directory) {
    Store kept = KEPT.computeIfAbsent(directory, path -> new MemoryStore());
    return new OutlastingStore(
        directory, kept, Set.of(Capability.SHARED, Capability.SURVIVES_KILL));
  }

  /** One in this process: it goes by a clock, and one may open it. */
  static Store open(Path directory, InstantSource clock) {
    if (!OPEN.add(directory)) {
      throw new StoreUnavailableException(directory + " is open already");
    }
    Store kept = KEPT.computeIfAbsent(directory, path -> MemoryStore.on(clock));
    return new OutlastingStore(
        directory, kept, Set.of(Capability.SETTABLE_CLOCK, Capability.SURVIVES_KILL));
  }

  private Store kept() {
    if (closed) {
      throw new StoreUnavailableException(directory + " is closed");
    }
    return kept;
  }

  @Override
  public Instant now() {
    return kept.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return kept().put(puts);
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    return kept().lease(queue, limit, leaseTime);
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return kept().settle(settlements);
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return kept().remove(keys);
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return kept().untilNextDue(queue);
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    return kept().onWake(queue, wake);
  }

  @Override
  public Optional<Entry> find(Key key) {
    return kept().find(key);
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return kept().list(queue, filter, from, limit);
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return kept().search(queue, prefix, from, limit);
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    return kept().countDue(queue, edges, most);
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return kept().reschedule(key, due);
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return kept().pause(queue, paused);
  }

  @Override
  public List<QueueStats> stats() {
    return kept().stats();
  }

  @Override
  public boolean requeue(Key key) {
    return kept().requeue(key);
  }

  @Override
  public long requeueAll(String queue) {
    return kept().requeueAll(queue);
  }

  @Override
  public long purge(String queue) {
    return kept().purge(queue);
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
    return capabilities;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      OPEN.remove(directory);
    }
  }
}
