package dev.pitstop.mongodb;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Pauses;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.Wakes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonDocument;

/** The store in a MongoDB database. Thread-safe; for any number of processes. */
final class MongoStore implements Store {
  private static final int MEASUREMENTS = 10;
  private static final double GOOD_MICROS = 1000;

  private final Database database;
  private final ServerClock clock = new ServerClock();
  private final Sequence sequence = new Sequence(clock::micros);
  private final Wakes wakes = new Wakes();
  private final Queues queues;
  private final Removing removing;
  private final Putting putting;
  private final Leasing leasing;
  private final Settling settling;
  private final Rescheduling rescheduling;
  private final Pausing pausing;
  private final Pauses pauses;
  private final Upkeep upkeep;
  private final Watching watching;

  private MongoStore(Database database, Settings settings) {
    this.database = database;
    queues = new Queues(database, clock);
    removing = new Removing(clock);
    putting = new Putting(database, queues, sequence, removing, settings.timeout());
    leasing = new Leasing(database, queues, clock, sequence);
    settling = new Settling(database, clock, sequence, removing);
    Adoption adoption = new Adoption(database, clock, sequence, wakes);
    rescheduling = new Rescheduling(database, adoption);
    pausing = new Pausing(database);
    pauses = new Pauses(() -> database.call(pausing::paused));
    upkeep = new Upkeep(database, queues, removing, adoption);
    watching = new Watching(database, wakes, settings.poll(), settings.timeout().dividedBy(8));
  }

  /** How a store is set besides its database. */
  record Settings(Duration timeout, Duration poll) {}

  /**
   * Opens the store in a database, and closes the client with it.
   *
   * @throws StoreUnavailableException when the servers do not answer
   */
  static MongoStore open(MongoClient client, String name, String prefix, Settings settings) {
    Database database = new Database(client, name, prefix);
    MongoStore store = new MongoStore(database, settings);
    try {
      store.measure();
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    store.upkeep.start();
    store.watching.start();
    return store;
  }

  /** Asks for the time a few times: the first answers wait for connections to be made. */
  private void measure() {
    database.call(
        () -> {
          for (int i = 0; i < MEASUREMENTS && clock.error() > GOOD_MICROS; i++) {
            queues.measure();
          }
          return true;
        });
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    List<PutResult> results = database.call(() -> putting.put(puts));
    Map<String, Long> earliest = new HashMap<>();
    for (Put put : puts) {
      Entry entry = put.entry();
      if (entry.state() == State.SCHEDULED) {
        earliest.merge(entry.key().queue(), entry.dueMillis(), Math::min);
      }
    }
    earliest.forEach(wakes::leasableAt);
    earliest.keySet().forEach(upkeep::used);
    return results;
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    upkeep.used(queue);
    if (pauses.has(queue)) {
      return List.of();
    }
    Leasing.Leased leased = database.call(() -> leasing.lease(queue, limit, leaseTime));
    leased.burials().carryOut(this::settle);
    return leased.sound();
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    List<Boolean> results = database.call(() -> settling.settle(settlements));
    for (int i = 0; i < results.size(); i++) {
      Settlement settlement = settlements.get(i);
      if (results.get(i) && settlement instanceof Settlement.Move move) {
        wakes.leasableAt(move.key().queue(), move.progress().due().toEpochMilli());
      } else if (results.get(i) && settlement instanceof Settlement.Extend extend) {
        long end = Lease.end(clock.millis(), extend.leaseTime());
        wakes.leasableAt(extend.key().queue(), end);
      }
    }
    return results;
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    Boolean[] results = new Boolean[keys.size()];
    Arrays.fill(results, false);
    for (Rounds.Round round : Rounds.of(keys, key -> key)) {
      List<BsonDocument> filters =
          round.places().stream().map(place -> Filters.present(keys.get(place).id())).toList();
      List<Boolean> there =
          database.call(() -> removing.remove(database.queue(round.queue()), filters));
      for (int i = 0; i < filters.size(); i++) {
        results[round.places().get(i)] = there.get(i);
      }
    }
    return List.of(results);
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    upkeep.used(queue);
    wakes.asleepUntil(queue, Long.MAX_VALUE);
    if (pauses.has(queue)) {
      return Optional.of(Pauses.WAIT);
    }
    Optional<Instant> next = database.call(() -> Watching.nextLeasable(database.queue(queue)));
    next.ifPresent(due -> wakes.asleepUntil(queue, due.toEpochMilli()));
    Instant now = clock.now();
    return next.map(due -> due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO);
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    upkeep.used(queue);
    Subscription watched = watching.watch(queue);
    Subscription added = wakes.add(queue, wake);
    return () -> {
      added.close();
      watched.close();
    };
  }

  @Override
  public Optional<Entry> find(Key key) {
    upkeep.used(key.queue());
    return database.call(
        () ->
            Optional.ofNullable(database.queue(key.queue()).find(Filters.present(key.id())).first())
                .map(document -> Documents.entry(key.queue(), document, clock.now())));
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    upkeep.used(queue);
    Place after = from.map(Place::parse).orElse(Place.FIRST);
    return database.call(
        () -> new Listing(database.queue(queue), queue, clock.now(), after, limit).page(filter));
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    upkeep.used(queue);
    Optional<IdRange> range = IdRange.of(prefix, from);
    return range
        .map(
            ids ->
                database.call(
                    () -> Searching.page(database.queue(queue), queue, ids, clock.now(), limit)))
        .orElse(new Page<>(List.of(), Optional.empty()));
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    upkeep.used(queue);
    return database.call(() -> Counting.due(database.queue(queue), edges, most, clock.millis()));
  }

  @Override
  public List<QueueStats> stats() {
    return database.call(
        () -> {
          List<QueueStats> stats = new ArrayList<>();
          Set<String> paused = pausing.paused();
          Set<String> names = new TreeSet<>(paused);
          names.addAll(queues.names());
          for (String queue : names) {
            stats.add(
                Counting.stats(
                    database.queue(queue), queue, clock.millis(), paused.contains(queue)));
          }
          return stats;
        });
  }

  @Override
  public boolean requeue(Key key) {
    long now = clock.millis();
    boolean requeued =
        database.call(() -> Requeuing.requeue(database.queue(key.queue()), key.id(), now));
    if (requeued) {
      wakes.leasableAt(key.queue(), now);
    }
    return requeued;
  }

  @Override
  public long requeueAll(String queue) {
    long now = clock.millis();
    long requeued = database.call(() -> Requeuing.requeueAll(database.queue(queue), now));
    if (requeued > 0) {
      wakes.leasableAt(queue, now);
    }
    return requeued;
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    upkeep.used(key.queue());
    boolean took = database.call(() -> rescheduling.reschedule(key.queue(), key.id(), due));
    if (took) {
      wakes.leasableAt(key.queue(), due.toEpochMilli());
    }
    return took;
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    try {
      return database.call(() -> pausing.pause(queue, paused));
    } finally {
      pauses.changed(); // also when the answer was lost
      if (!paused) {
        wakes.leasableAt(queue, clock.millis());
      }
    }
  }

  @Override
  public long purge(String queue) {
    MongoCollection<BsonDocument> messages = database.queue(queue);
    return database.call(() -> Requeuing.purge(messages, sequence.next()));
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return type == MongoQueue.class
        ? Optional.of(type.cast(new MongoQueue(database, putting, wakes, door)))
        : Optional.empty();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return type == MongoDelivery.class
        ? Optional.of(type.cast(new MongoDelivery(database, settling, door)))
        : Optional.empty();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SURVIVES_KILL, Capability.SHARED);
  }

  @Override
  public void close() {
    if (!database.isClosed()) {
      database.close();
      upkeep.close();
      watching.close();
    }
  }
}
