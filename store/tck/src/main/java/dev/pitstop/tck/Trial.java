package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pitstop.State;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * A store under test, and short words for what tests do with it.
 *
 * <p>Time passes by moving the clock that the store was given, or for a store on a server's clock
 * by really waiting. Then a span is short, and a test that was too slow to see what comes before an
 * instant is aborted, not failed. Thread-safe except for what opens and closes.
 */
final class Trial {
  static final String QUEUE = "q";

  /** Runs out in no test. */
  static final Duration LONG = Duration.ofHours(12);

  private final StoreContract contract;
  private final Path directory;
  private final InstantSource clock;
  private final List<Store> opened = new ArrayList<>();
  private int fresh;
  private final Set<String> queues = ConcurrentHashMap.newKeySet();
  private final NavigableSet<Instant> ahead = new ConcurrentSkipListSet<>();
  private final boolean settable;
  private Store store;
  private volatile boolean timePassed;
  private volatile boolean closed;

  Trial(StoreContract contract, Path directory) {
    this(contract, directory, TestClock.create());
  }

  private Trial(StoreContract contract, Path directory, InstantSource clock) {
    this.contract = contract;
    this.directory = directory;
    this.clock = clock;
    store = open();
    settable = clock instanceof TestClock && has(Capability.SETTABLE_CLOCK);
  }

  Store store() {
    return store;
  }

  Path directory() {
    return directory;
  }

  /** The clock that a test moves. */
  TestClock clock() {
    return (TestClock) clock;
  }

  boolean has(Capability capability) {
    return store.capabilities().contains(capability);
  }

  /** Skips the rest of a test where the store cannot do something. */
  void needs(String rule, Capability capability) {
    assumeTrue(has(capability), rule + " needs " + capability);
  }

  /** Opens the same data once more, as another process would. */
  Store open() {
    Store another = contract.open(directory, clock);
    opened.add(another);
    return another;
  }

  /** Ends the store as a killed process would, and opens what it has left behind. */
  void reopen(String rule) {
    needs(rule, Capability.SURVIVES_KILL);
    crash();
    reopen();
  }

  /** Ends the store as a killed process would. */
  void crash() {
    contract.crash(store);
  }

  /** Opens what a killed store has left behind. */
  void reopen() {
    opened.remove(store);
    store = open();
  }

  /** A trial of its own of a new and empty store; whoever asks for it closes it. */
  Trial fresh() {
    return new Trial(contract, directory.resolveSibling("fresh-" + ++fresh));
  }

  /** As {@link #fresh}, by the machine's clock where the store takes one. */
  Trial onTheMachinesClock() {
    return new Trial(contract, directory.resolveSibling("real"), InstantSource.system());
  }

  /** Closes all that is open. */
  void close() {
    closed = true;
    opened.forEach(Store::close);
  }

  boolean closed() {
    return closed;
  }

  /** How many messages are raced for. */
  int crowd() {
    return contract.crowd();
  }

  /** The queues that a test has put something into. */
  Set<String> queues() {
    return queues;
  }

  /** Whether leases may have run out. */
  boolean timePassed() {
    return timePassed;
  }

  // -- time

  /** The store's time in whole milliseconds, never later than it is. */
  Instant now() {
    Instant now = store.now().minus(tolerance());
    return now.truncatedTo(ChronoUnit.MILLIS);
  }

  /** By how much the store's time may be read wrongly. */
  Duration tolerance() {
    return has(Capability.SETTABLE_CLOCK) ? Duration.ZERO : contract.precision();
  }

  /** An instant so many spans from now. */
  Instant in(int spans) {
    Instant instant = now().plus(spans(spans));
    ahead.add(instant);
    return instant;
  }

  /** A time that is short enough to wait for and long enough to do something before it is over. */
  Duration spans(int spans) {
    return (settable ? Duration.ofMinutes(1) : contract.span()).multipliedBy(spans);
  }

  void pass(Duration time) {
    passUntil(store.now().plus(time));
  }

  /** Lets it be an instant, or where time cannot be set a little later. */
  void passUntil(Instant instant) {
    timePassed = true;
    ahead.headSet(instant, true).clear();
    if (settable) {
      clock().set(instant);
      return;
    }
    Instant surely = instant.plus(tolerance()).plusMillis(1);
    for (Instant now = store.now(); now.isBefore(surely); now = store.now()) {
      LockSupport.parkNanos(Duration.between(now, surely).toNanos());
    }
  }

  /** Aborts a test that was too slow: something has become due that it has not waited for. */
  void notTooSlow() {
    Instant next = settable ? null : ahead.ceiling(Instant.EPOCH);
    if (next != null) {
      stillBefore(next);
    }
  }

  /** Aborts a test that was too slow for what it has looked at to be from before an instant. */
  void stillBefore(Instant instant) {
    if (!settable && !store.now().plus(tolerance()).isBefore(instant)) {
      Assumptions.abort("too slow to see what comes before " + instant);
    }
  }

  // -- messages

  /** A message that is due now. */
  Sample due(String id) {
    return new Sample(id, now());
  }

  /** A message that is due some spans from now. */
  Sample later(String id, int spans) {
    return new Sample(id, in(spans));
  }

  PutResult put(Sample sample) {
    return putAll(List.of(sample)).get(0);
  }

  void put(Sample... samples) {
    putAll(Arrays.asList(samples));
  }

  List<PutResult> putAll(List<Sample> samples) {
    samples.forEach(sample -> queues.add(sample.key().queue()));
    List<PutResult> results = store.put(samples.stream().map(Sample::put).toList());
    assertThat(results)
        .as("results of a put of %s", samples.size())
        .hasSameSizeAs(samples)
        .hasOnlyElementsOfType(PutResult.Done.class);
    return results;
  }

  List<Entry> lease(int limit) {
    return lease(limit, LONG);
  }

  List<Entry> lease(int limit, Duration leaseTime) {
    List<Entry> leased = store.lease(QUEUE, limit, leaseTime);
    notTooSlow();
    leased.forEach(entry -> ahead.add(entry.leased().until()));
    return leased;
  }

  /** The only message that is due, leased. */
  Entry leaseOnly(Duration leaseTime) {
    List<Entry> leased = lease(10, leaseTime);
    assertThat(Seen.of(leased)).as("the only message that is due").hasSize(1);
    return leased.get(0);
  }

  Entry leaseOnly() {
    return leaseOnly(LONG);
  }

  List<String> leaseIds(int limit) {
    return ids(lease(limit));
  }

  static List<String> ids(List<Entry> entries) {
    return entries.stream().map(entry -> entry.key().id()).toList();
  }

  Entry find(String id) {
    return find(new Key(QUEUE, id));
  }

  Entry find(Key key) {
    return store
        .find(key)
        .orElseThrow(() -> new AssertionError("expected to find " + key + ", which is not there"));
  }

  boolean holds(String id) {
    return store.find(new Key(QUEUE, id)).isPresent();
  }

  List<Entry> listAll(String queue) {
    List<Entry> all = new ArrayList<>();
    new Pages(store, queue).forEach(all::addAll);
    return all;
  }

  // -- settling

  boolean settle(Settlement settlement) {
    if (settlement instanceof Settlement.Extend extend) {
      ahead.add(now().plus(extend.leaseTime()));
    }
    return store.settle(List.of(settlement)).get(0);
  }

  static Settlement delete(Entry leased) {
    return new Settlement.Delete(leased.key(), leased.leased().token());
  }

  static Settlement move(Entry leased, Progress progress) {
    return new Settlement.Move(leased.key(), leased.leased().token(), progress);
  }

  /** Given back: the progress it had before it was leased. */
  static Settlement release(Entry leased) {
    Progress p = leased.progress();
    return move(
        leased,
        new Progress(p.due(), p.scheduledFor(), p.missed(), p.attempts() - 1, p.lastError()));
  }

  static Settlement bury(Entry leased, String reason) {
    Progress p = leased.progress();
    return new Settlement.Bury(
        leased.key(),
        leased.leased().token(),
        new Progress(p.due(), p.scheduledFor(), p.missed(), p.attempts(), reason));
  }

  static Settlement extend(Entry leased, Duration leaseTime) {
    return new Settlement.Extend(leased.key(), leased.leased().token(), leaseTime);
  }

  /** Each kind of settlement of a lease. */
  static List<Settlement> eachKind(Entry leased) {
    return List.of(extend(leased, LONG), release(leased), bury(leased, "stale"), delete(leased));
  }

  /** Whether something can be leased in a state; leased ones only when their lease is over. */
  boolean waits(Entry entry) {
    return entry.state() == State.SCHEDULED
        || (entry.state() == State.LEASED && !entry.leased().until().isAfter(now()));
  }
}
