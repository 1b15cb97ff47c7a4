package dev.pitstop.memory;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.Wakes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A store in the memory of this process; what it holds is gone when it is closed. Thread-safe.
 *
 * <p>Each message costs a few hundred bytes of heap besides its body. The address is {@code
 * memory:}.
 */
public final class MemoryStore implements Store {
  /*
   * One lock guards everything. Wakers are called after it is given back: what was written is seen by
   * whoever looks from then on, and whoever looked before sleeps until a later time and is woken.
   *
   * Leases that have run out are ended at the beginning of each call on a queue, so that the state of
   * a message depends on the clock alone and not on who has looked. Put and burial numbers and tokens
   * are counted over the whole store and never again, so that a token is larger than all before it
   * also when its message was removed and put again.
   */
  private static final long NO_TOKEN = 0;

  private final InstantSource clock;
  private final Wakes wakes = new Wakes();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, MemoryQueue> queues = new TreeMap<>();
  private final Set<String> paused = new HashSet<>();
  private long puts;
  private long burials;
  private long tokens;
  private boolean closed;

  /** An empty store that goes by the machine's clock. */
  public MemoryStore() {
    this(InstantSource.system());
  }

  private MemoryStore(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** An empty store that goes by a clock of the caller's. */
  public static MemoryStore on(InstantSource clock) {
    return new MemoryStore(clock);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return locked(
        earliest -> {
          List<PutResult> results = new ArrayList<>(puts.size());
          for (Put put : puts) {
            results.add(put(put, earliest));
          }
          return results;
        });
  }

  private PutResult put(Put put, Earliest earliest) {
    Entry entry = put.entry();
    MemoryQueue queue = queues.computeIfAbsent(entry.key().queue(), name -> new MemoryQueue());
    boolean there = queue.get(entry.key().id()) != null;
    if (there && put.ifPresent() == IfPresent.KEEP) {
      return PutResult.KEPT;
    }
    if (there && put.ifPresent() == IfPresent.FAIL) {
      return PutResult.EXISTS;
    }
    long number = ++puts;
    if (entry.state() == State.BURIED) {
      queue.set(new Kept(entry, Place.buried(++burials, number), NO_TOKEN));
    } else {
      queue.set(new Kept(entry, Place.live(entry.progress().due(), number), NO_TOKEN));
      earliest.add(entry.key().queue(), entry.dueMillis());
    }
    return there ? PutResult.REPLACED : PutResult.CREATED;
  }

  @Override
  public List<Entry> lease(String name, int limit, Duration leaseTime) {
    return locked(
        earliest -> {
          long now = clock.millis();
          MemoryQueue queue = queue(name, now);
          List<Entry> leased = new ArrayList<>();
          Kept first = paused.contains(name) ? null : queue.firstWaiting();
          while (leased.size() < limit && first != null && first.place().at() <= now) {
            Kept kept = first.leased(new Lease(++tokens, end(now, leaseTime)));
            queue.set(kept);
            leased.add(kept.entry());
            first = queue.firstWaiting();
          }
          return leased;
        });
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return locked(
        earliest -> {
          List<Boolean> results = new ArrayList<>(settlements.size());
          for (Settlement settlement : settlements) {
            results.add(settle(settlement, earliest));
          }
          return results;
        });
  }

  private boolean settle(Settlement settlement, Earliest earliest) {
    Key key = settlement.key();
    long now = clock.millis();
    MemoryQueue queue = queue(key.queue(), now);
    Kept kept = queue.get(key.id());
    if (kept == null || kept.token() == NO_TOKEN || kept.token() != settlement.token()) {
      return false;
    }
    if (settlement instanceof Settlement.Delete) {
      remove(key);
    } else if (settlement instanceof Settlement.Move move) {
      queue.set(kept.moved(move.progress()));
      earliest.add(key.queue(), move.progress().due().toEpochMilli());
    } else if (settlement instanceof Settlement.Bury bury) {
      queue.set(kept.buried(bury.progress(), ++burials));
    } else if (settlement instanceof Settlement.Extend extend) {
      Lease lease = new Lease(kept.token(), end(now, extend.leaseTime()));
      queue.set(kept.extended(lease));
      earliest.add(key.queue(), lease.until().toEpochMilli());
    }
    return true;
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return locked(
        earliest -> {
          List<Boolean> results = new ArrayList<>(keys.size());
          for (Key key : keys) {
            results.add(remove(key));
          }
          return results;
        });
  }

  private boolean remove(Key key) {
    MemoryQueue queue = queues.getOrDefault(key.queue(), new MemoryQueue());
    boolean there = queue.remove(key.id());
    if (queue.size() == 0) {
      queues.remove(key.queue());
    }
    return there;
  }

  @Override
  public Optional<Duration> untilNextDue(String name) {
    return locked(
        earliest -> {
          Instant now = clock.instant();
          long next =
              paused.contains(name)
                  ? MemoryQueue.NEVER
                  : queue(name, now.toEpochMilli()).nextLeasable();
          wakes.asleepUntil(name, next);
          Duration wait = Duration.between(now, Instant.ofEpochMilli(next));
          return next == MemoryQueue.NEVER
              ? Optional.empty()
              : Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        });
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    return locked(earliest -> wakes.add(queue, wake));
  }

  @Override
  public Optional<Entry> find(Key key) {
    return locked(
        earliest ->
            Optional.ofNullable(queue(key.queue(), clock.millis()).get(key.id())).map(Kept::entry));
  }

  @Override
  public Page<Entry> list(String name, Filter filter, Optional<String> from, int limit) {
    Place after = from.map(Place::parse).orElse(Place.FIRST);
    return locked(earliest -> queue(name, clock.millis()).page(filter, after, limit));
  }

  @Override
  public Page<Entry> search(String name, String prefix, Optional<String> from, int limit) {
    from.ifPresent(
        id -> {
          if (!id.startsWith(prefix)) {
            throw new InvalidFieldException("from", "must be the next of an earlier page", id);
          }
        });
    return locked(earliest -> queue(name, clock.millis()).search(prefix, from, limit));
  }

  @Override
  public List<Long> countDue(String name, List<Instant> edges, int most) {
    return locked(earliest -> queue(name, clock.millis()).countDue(edges, most));
  }

  @Override
  public List<QueueStats> stats() {
    return locked(
        earliest -> {
          long now = clock.millis();
          Set<String> names = new TreeSet<>(queues.keySet());
          names.addAll(paused);
          return names.stream()
              .map(name -> queue(name, now).stats(name, paused.contains(name)))
              .toList();
        });
  }

  @Override
  public boolean requeue(Key key) {
    return locked(
        earliest -> {
          MemoryQueue queue = queue(key.queue(), clock.millis());
          Kept kept = queue.get(key.id());
          if (kept == null || kept.entry().state() != State.BURIED) {
            return false;
          }
          requeue(queue, kept, earliest);
          return true;
        });
  }

  @Override
  public long requeueAll(String name) {
    return locked(
        earliest -> {
          MemoryQueue queue = queue(name, clock.millis());
          List<Kept> buried = queue.buried();
          buried.forEach(kept -> requeue(queue, kept, earliest));
          return (long) buried.size();
        });
  }

  private void requeue(MemoryQueue queue, Kept kept, Earliest earliest) {
    Progress before = kept.entry().progress();
    Instant now = Instant.ofEpochMilli(clock.millis());
    queue.set(kept.moved(new Progress(now, before.scheduledFor(), 0, 0, before.lastError())));
    earliest.add(kept.key().queue(), now.toEpochMilli());
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return locked(
        earliest -> {
          MemoryQueue queue = queue(key.queue(), clock.millis());
          Kept kept = queue.get(key.id());
          if (kept == null || kept.entry().state() == State.LEASED) {
            return false;
          }
          Progress before = kept.entry().progress();
          Instant occurrence = kept.entry().schedule() == null ? due : before.scheduledFor();
          queue.set(kept.moved(new Progress(due, occurrence, before.missed(), 0, null)));
          earliest.add(key.queue(), due.toEpochMilli());
          return true;
        });
  }

  @Override
  public boolean pause(String name, boolean pause) {
    return locked(
        earliest -> {
          boolean changed = pause ? paused.add(name) : paused.remove(name);
          if (!pause) {
            earliest.add(name, clock.millis());
          }
          return changed;
        });
  }

  @Override
  public long purge(String name) {
    return locked(
        earliest -> {
          MemoryQueue queue = queues.remove(name);
          return queue == null ? 0L : queue.size();
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
    return Set.of(Capability.SETTABLE_CLOCK);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queues.clear();
    } finally {
      lock.unlock();
    }
  }

  /** The messages of a queue, those waiting again whose lease has run out by now. */
  private MemoryQueue queue(String name, long now) {
    MemoryQueue queue = queues.get(name);
    if (queue == null) {
      return new MemoryQueue();
    }
    queue.expire(now);
    return queue;
  }

  private static Instant end(long now, Duration leaseTime) {
    return Instant.ofEpochMilli(Lease.end(now, leaseTime));
  }

  private <T> T locked(Function<Earliest, T> work) {
    Earliest earliest = new Earliest();
    T result;
    lock.lock();
    try {
      if (closed) {
        throw new StoreUnavailableException("the store in memory is closed");
      }
      result = work.apply(earliest);
    } finally {
      lock.unlock();
    }
    earliest.wake(wakes);
    return result;
  }
}
