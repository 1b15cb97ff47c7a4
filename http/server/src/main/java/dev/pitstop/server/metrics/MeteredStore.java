package dev.pitstop.server.metrics;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store whose calls are measured; all else is as in the store within. Thread-safe. */
final class MeteredStore implements Store {
  /*
   * How late messages are is measured here, and not where they are handed out: every way of emitting
   * goes through lease, and what it answers has both times by the store's clock, so that neither the
   * clock of this machine nor that of a network counts in. What goes between a lease and a handler is
   * not in it: that is bounded, as no more is leased than is handed out within about 50 ms.
   */
  private final Store store;
  private final Meters meters;
  private final StoreCalls calls;

  MeteredStore(Store store, Meters meters, StoreCalls calls) {
    this.store = store;
    this.meters = meters;
    this.calls = calls;
  }

  @Override
  public Instant now() {
    return store.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    String before = "";
    for (Put put : puts) {
      String queue = put.entry().key().queue();
      if (!queue.equals(before)) {
        meters.sees(queue);
        before = queue;
      }
    }
    return calls.batch("put", puts.size(), () -> store.put(puts));
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    meters.sees(queue);
    List<Entry> leased = calls.call("lease", () -> store.lease(queue, limit, leaseTime));
    if (!leased.isEmpty()) {
      calls.size("lease", leased.size());
      meters.leased(queue, leased, leaseTime);
    }
    return leased;
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return calls.batch("settle", settlements.size(), () -> store.settle(settlements));
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return calls.batch("remove", keys.size(), () -> store.remove(keys));
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return calls.call("untilNextDue", () -> store.untilNextDue(queue));
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    return store.onWake(queue, wake);
  }

  @Override
  public Optional<Entry> find(Key key) {
    return calls.call("find", () -> store.find(key));
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return calls.call("list", () -> store.list(queue, filter, from, limit));
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return calls.call("search", () -> store.search(queue, prefix, from, limit));
  }

  @Override
  public List<QueueStats> stats() {
    return calls.call("stats", store::stats);
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    return calls.call("countDue", () -> store.countDue(queue, edges, most));
  }

  @Override
  public boolean requeue(Key key) {
    return calls.call("requeue", () -> store.requeue(key));
  }

  @Override
  public long requeueAll(String queue) {
    return calls.call("requeueAll", () -> store.requeueAll(queue));
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return calls.call("reschedule", () -> store.reschedule(key, due));
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return calls.call("pause", () -> store.pause(queue, paused));
  }

  @Override
  public long purge(String queue) {
    return calls.call("purge", () -> store.purge(queue));
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
