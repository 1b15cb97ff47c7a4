package dev.pitstop.tck;

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

/** A store that leaves all to another, for those that do one thing otherwise. */
abstract class ForwardingStore implements Store {
  final Store whole;

  ForwardingStore(Store whole) {
    this.whole = whole;
  }

  @Override
  public Instant now() {
    return whole.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return whole.put(puts);
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    return whole.lease(queue, limit, leaseTime);
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return whole.settle(settlements);
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return whole.remove(keys);
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return whole.untilNextDue(queue);
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    return whole.onWake(queue, wake);
  }

  @Override
  public Optional<Entry> find(Key key) {
    return whole.find(key);
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return whole.list(queue, filter, from, limit);
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return whole.search(queue, prefix, from, limit);
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    return whole.countDue(queue, edges, most);
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return whole.reschedule(key, due);
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return whole.pause(queue, paused);
  }

  @Override
  public List<QueueStats> stats() {
    return whole.stats();
  }

  @Override
  public boolean requeue(Key key) {
    return whole.requeue(key);
  }

  @Override
  public long requeueAll(String queue) {
    return whole.requeueAll(queue);
  }

  @Override
  public long purge(String queue) {
    return whole.purge(queue);
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return whole.unwrap(type, door);
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return whole.unwrap(type, door);
  }

  @Override
  public Set<Capability> capabilities() {
    return whole.capabilities();
  }

  @Override
  public void close() {
    whole.close();
  }
}
