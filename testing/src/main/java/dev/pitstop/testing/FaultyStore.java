package dev.pitstop.testing;

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
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A store whose calls fail, stall or lose their reply when a test says so.
 *
 * <pre>{@code
 * FaultyStore store = FaultyStore.over(MemoryStore.on(clock));
 * store.on(Operation.PUT).call(2).loseReply();
 * store.on(Operation.SETTLE).calls(3, 5).fail();
 * try (Fault away = store.onAll().always().fail()) {
 *   // the backend is away
 * }
 * }</pre>
 *
 * <p>Where several faults meet a call, the one that was set first happens. Closing, waking, the
 * time and the capabilities have no faults. Thread-safe.
 */
public final class FaultyStore implements Store {
  private final Store store;
  private final Map<Operation, AtomicLong> calls = new EnumMap<>(Operation.class);
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  /** What a fault may happen to. */
  public enum Operation {
    /** {@link Store#put}. */
    PUT,
    /** {@link Store#lease}. */
    LEASE,
    /** {@link Store#settle}. */
    SETTLE,
    /** {@link Store#remove}. */
    REMOVE,
    /** {@link Store#untilNextDue}. */
    UNTIL_NEXT_DUE,
    /** {@link Store#find}. */
    FIND,
    /** {@link Store#list}. */
    LIST,
    /** {@link Store#search}. */
    SEARCH,
    /** {@link Store#countDue}. */
    COUNT_DUE,
    /** {@link Store#reschedule}. */
    RESCHEDULE,
    /** {@link Store#pause}. */
    PAUSE,
    /** {@link Store#stats}. */
    STATS,
    /** {@link Store#requeue} and {@link Store#requeueAll}. */
    REQUEUE,
    /** {@link Store#purge}. */
    PURGE
  }

  private FaultyStore(Store store) {
    this.store = Objects.requireNonNull(store, "store");
    for (Operation operation : Operation.values()) {
      calls.put(operation, new AtomicLong());
    }
  }

  /** A store without faults yet. */
  public static FaultyStore over(Store store) {
    return new FaultyStore(store);
  }

  /** Begins a fault of one operation or several. */
  public Calls on(Operation operation, Operation... more) {
    return new Calls(EnumSet.of(operation, more));
  }

  /** Begins a fault of every operation. */
  public Calls onAll() {
    return new Calls(EnumSet.allOf(Operation.class));
  }

  /** How often an operation was called, however that ended. */
  public long calls(Operation operation) {
    return counter(operation).get();
  }

  private AtomicLong counter(Operation operation) {
    return Objects.requireNonNull(calls.get(operation));
  }

  /** Which calls a fault happens to. */
  public final class Calls {
    private final Set<Operation> operations;

    private Calls(Set<Operation> operations) {
      this.operations = operations;
    }

    /**
     * To the n-th call of each of the operations from when the store was made, the first being 1.
     */
    public Ways call(long number) {
      return calls(number, number);
    }

    /** To every call from the n-th to the m-th, both included. */
    public Ways calls(long from, long to) {
      if (from < 1 || to < from) {
        throw new IllegalArgumentException(
            "calls must be counted from 1, were " + from + ".." + to);
      }
      return new Ways(operations, from, to);
    }

    /** To the next call only. Of several operations that makes one call of each. */
    public Ways next() {
      long most = operations.stream().mapToLong(FaultyStore.this::calls).max().orElse(0);
      return calls(most + 1, most + 1);
    }

    /** To every call until the fault is closed. */
    public Ways always() {
      return calls(1, Long.MAX_VALUE);
    }
  }

  /** What a fault does. */
  public final class Ways {
    private final Set<Operation> operations;
    private final long from;
    private final long to;

    private Ways(Set<Operation> operations, long from, long to) {
      this.operations = operations;
      this.from = from;
      this.to = to;
    }

    /** Nothing is done, and the call fails with {@code StoreUnavailableException}. */
    public Fault fail() {
      return add(Fault.Way.FAIL, Duration.ZERO);
    }

    /**
     * The work is done, and the call fails with {@code StoreUnavailableException} none the less.
     */
    public Fault loseReply() {
      return add(Fault.Way.LOSE_REPLY, Duration.ZERO);
    }

    /**
     * The call stands still until the fault is closed, then it is done.
     *
     * @param limit after that time the call fails with {@code StoreUnavailableException}, as one
     *     that a backend does not answer in time
     */
    public Fault stall(Duration limit) {
      return add(Fault.Way.STALL, limit);
    }

    private Fault add(Fault.Way way, Duration limit) {
      Fault fault = new Fault(faults::remove, operations, from, to, way, limit);
      faults.add(fault);
      return fault;
    }
  }

  private <T> T call(Operation operation, Supplier<T> work) {
    long number = counter(operation).incrementAndGet();
    for (Fault fault : faults) {
      if (fault.meets(operation, number)) {
        return fault.happen(operation, number, work);
      }
    }
    return work.get();
  }

  @Override
  public Instant now() {
    return store.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return call(Operation.PUT, () -> store.put(puts));
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    return call(Operation.LEASE, () -> store.lease(queue, limit, leaseTime));
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return call(Operation.SETTLE, () -> store.settle(settlements));
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return call(Operation.REMOVE, () -> store.remove(keys));
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return call(Operation.UNTIL_NEXT_DUE, () -> store.untilNextDue(queue));
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    return store.onWake(queue, wake);
  }

  @Override
  public Optional<Entry> find(Key key) {
    return call(Operation.FIND, () -> store.find(key));
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return call(Operation.LIST, () -> store.list(queue, filter, from, limit));
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return call(Operation.SEARCH, () -> store.search(queue, prefix, from, limit));
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    return call(Operation.COUNT_DUE, () -> store.countDue(queue, edges, most));
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return call(Operation.RESCHEDULE, () -> store.reschedule(key, due));
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return call(Operation.PAUSE, () -> store.pause(queue, paused));
  }

  @Override
  public List<QueueStats> stats() {
    return call(Operation.STATS, store::stats);
  }

  @Override
  public boolean requeue(Key key) {
    return call(Operation.REQUEUE, () -> store.requeue(key));
  }

  @Override
  public long requeueAll(String queue) {
    return call(Operation.REQUEUE, () -> store.requeueAll(queue));
  }

  @Override
  public long purge(String queue) {
    return call(Operation.PURGE, () -> store.purge(queue));
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return store.unwrap(type, door);
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return store.unwrap(type, door);
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public void close() {
    store.close();
  }
}
