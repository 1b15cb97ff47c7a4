package dev.pitstop.sql;

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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The store in an SQL database: PostgreSQL 12 and later, MariaDB 10.6 and later, MySQL 8.0 and
 * later. Thread-safe; for any number of processes.
 *
 * <p>Opened by an address, as {@code postgresql://user@localhost/db}, or on the application's own
 * data source:
 *
 * <pre>{@code
 * Pitstop pitstop = Pitstop.on(SqlStore.on(dataSource), PitstopOptions.defaults());
 * }</pre>
 */
public final class SqlStore implements Store {
  private static final int STEP = 1_000;
  private static final long MOST_CLOCK_ERROR = 100; // milliseconds

  private static final Batch.Parting<Settlement, Class<?>> SETTLEMENTS =
      new Batch.Parting<>(Settlement::key, Settlement::getClass, settlement -> 0, false);
  private static final Batch.Parting<Key, Class<?>> KEYS =
      new Batch.Parting<>(key -> key, key -> Key.class, key -> 0, false);

  private final Database database;
  private final Dialect dialect;
  private final ServerClock clock = new ServerClock();
  private final Wakes wakes = new Wakes();
  private final Heads heads = new Heads();
  private final Upkeep upkeep;
  private final Watching watching;
  private final Pauses pauses;

  private SqlStore(Database database, Notices.@Nullable Source notices, Duration poll) {
    this.database = database;
    this.dialect = database.dialect();
    upkeep = new Upkeep(database, clock);
    watching = new Watching(database, heads, notices, poll, this::leasableAt, this::look);
    pauses = new Pauses(() -> database.call(dialect.operations()::paused));
  }

  /**
   * The store in the database of a data source, with the default settings. The data source is left
   * open when the store is closed.
   *
   * @throws StoreUnavailableException when the database does not answer, or has no tables of this
   *     version and none can be made
   */
  public static Store on(DataSource source) {
    return on(source, SqlSettings.defaults());
  }

  /** The store in the database of a data source; see {@link #on(DataSource)}. */
  public static Store on(DataSource source, SqlSettings settings) {
    return open(Connections.of(source, "the data source"), settings);
  }

  /** Opens the store; closes the connections when that fails. */
  static SqlStore open(Connections connections, SqlSettings settings) {
    Tables tables = new Tables(settings.table());
    try {
      Dialect dialect = prepare(connections, tables, settings.schema());
      Database database = new Database(connections, dialect, settings.timeout());
      Notices.@Nullable Source notices =
          dialect instanceof Postgres
              ? () -> PostgresNotices.open(database, connections, tables)
              : null;
      SqlStore store = new SqlStore(database, notices, settings.wakePoll());
      store.upkeep.begin();
      store.watching.start();
      return store;
    } catch (SQLException e) {
      connections.close();
      throw new StoreUnavailableException(connections + " cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  /** Sees to the tables; its connection is given back before the store needs others. */
  private static Dialect prepare(Connections connections, Tables tables, SchemaMode mode)
      throws SQLException {
    try (Connection connection = connections.get()) {
      connection.setAutoCommit(true);
      Dialect dialect = Dialects.of(connection, tables);
      new Schema(dialect, tables).prepare(connection, mode);
      return dialect;
    }
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    PutResult[] results = new PutResult[puts.size()];
    Batch.Parting<Put, Dialect.PutKind> parting = Puts.parting(puts);
    for (Batch<Put> batch : parting.batches(puts)) {
      put(batch, parting.kind().apply(batch.items().get(0)), results);
    }
    return List.of(results);
  }

  private void put(Batch<Put> batch, Dialect.PutKind kind, PutResult[] results) {
    Notice notice = notice(batch.items());
    try {
      List<PutResult> answers =
          database.callRefusing(
              work -> dialect.put(work, batch, kind, notice.text(clock.millis())));
      for (int i = 0; i < batch.size(); i++) {
        results[batch.places()[i]] = answers.get(i);
      }
      written(notice);
    } catch (SQLException e) {
      if (dialect.trouble(e) == Dialect.Trouble.DUPLICATE && kind == Dialect.PutKind.INSERT) {
        put(batch, Dialect.PutKind.REPLACE, results);
      } else if (batch.size() > 1) {
        batch.halves().forEach(half -> put(half, kind, results));
      } else {
        results[batch.places()[0]] = Puts.refused(batch.items().get(0), e);
      }
    }
  }

  /**
   * Puts a message in the application's transaction.
   *
   * @throws SQLException as the driver does
   */
  PutResult put(Connection connection, Put put) throws SQLException {
    Notice notice = notice(List.of(put));
    Batch<Put> batch = Batch.of(put);
    upkeep.written();
    return dialect
        .put(database.in(connection), batch, Puts.kind(put, false), notice.text(clock.millis()))
        .get(0);
  }

  private static Notice notice(List<Put> puts) {
    Notice notice = new Notice();
    for (Put put : puts) {
      Entry entry = put.entry();
      if (entry.state() == State.SCHEDULED) {
        notice.add(entry.key().queue(), entry.dueMillis());
      }
    }
    return notice;
  }

  /** Makes known in this process what others hear by a notice. */
  private void written(Notice notice) {
    upkeep.written();
    notice.earliest().forEach(this::leasableAt);
  }

  /**
   * Takes note that something of a queue can be leased at an instant, and wakes whom it concerns.
   */
  private void leasableAt(String queue, long dueMillis) {
    heads.of(queue).lower(dueMillis);
    wakes.leasableAt(queue, dueMillis);
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    if (pauses.has(queue)) {
      return List.of();
    }
    Head head = heads.of(queue);
    Head.Look look = head.begin(clock.millis());
    List<Row> rows = new ArrayList<>(lease(head, look, queue, limit, leaseTime));
    if (rows.size() < limit && !look.isFull() && head.untilFull(clock.millis()) == 0) {
      rows.addAll(lease(head, head.begin(clock.millis()), queue, limit - rows.size(), leaseTime));
    }
    if (!rows.isEmpty()) {
      upkeep.written();
    }
    rows.sort(Comparator.comparing(Row::position));
    return rows.stream().map(Row::entry).toList();
  }

  private List<Row> lease(Head head, Head.Look look, String queue, int limit, Duration leaseTime) {
    try {
      List<Row> rows =
          database.call(work -> dialect.lease(work, queue, limit, leaseTime, look.from()));
      head.leased(look, rows, rows.size() == limit);
      return rows;
    } catch (RuntimeException | Error e) {
      head.failed(look);
      throw e;
    }
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    Boolean[] results = new Boolean[settlements.size()];
    for (Batch<Settlement> batch : SETTLEMENTS.batches(settlements)) {
      Notice notice = new Notice();
      batch.items().forEach(settlement -> leasable(settlement, notice));
      boolean[] took =
          database.call(work -> dialect.settle(work, batch, notice.text(clock.millis())));
      for (int i = 0; i < took.length; i++) {
        results[batch.places()[i]] = took[i];
      }
      written(notice);
    }
    return List.of(results);
  }

  /** Adds when a message can be leased again that is settled so. */
  private void leasable(Settlement settlement, Notice notice) {
    String queue = settlement.key().queue();
    if (settlement instanceof Settlement.Move move) {
      notice.add(queue, move.progress().due().toEpochMilli());
    } else if (settlement instanceof Settlement.Extend extend) {
      notice.add(queue, Lease.end(clock.millis(), extend.leaseTime()));
    }
  }

  /**
   * Settles a lease in the application's transaction.
   *
   * @throws SQLException as the driver does
   */
  boolean settle(Connection connection, Settlement settlement) throws SQLException {
    Notice notice = new Notice();
    leasable(settlement, notice);
    Batch<Settlement> batch = Batch.of(settlement);
    upkeep.written();
    return dialect.settle(database.in(connection), batch, notice.text(clock.millis()))[0];
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    Boolean[] results = new Boolean[keys.size()];
    for (Batch<Key> batch : KEYS.batches(keys)) {
      boolean[] there = database.call(work -> dialect.remove(work, batch));
      for (int i = 0; i < there.length; i++) {
        results[batch.places()[i]] = there[i];
      }
    }
    upkeep.written();
    return List.of(results);
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    wakes.asleepUntil(queue, Long.MAX_VALUE);
    if (pauses.has(queue)) {
      return Optional.of(Pauses.WAIT);
    }
    Head head = heads.of(queue);
    Head.Look look = head.begin(clock.millis());
    Optional<Duration> next =
        next(head, look, queue).map(n -> Duration.of(n.in(), ChronoUnit.MICROS));
    if (!look.isFull()) {
      Duration again =
          Duration.ofNanos(head.untilFull(clock.millis())); // what the mark hides is seen then
      next = next.filter(wait -> wait.compareTo(again) < 0).or(() -> Optional.of(again));
    }
    next.ifPresent(wait -> wakes.asleepUntil(queue, clock.now().plus(wait).toEpochMilli()));
    return next;
  }

  private Optional<Dialect.Next> next(Head head, Head.Look look, String queue) {
    try {
      Optional<Dialect.Next> next = database.call(work -> dialect.next(work, queue, look.from()));
      head.seen(look, next.filter(n -> n.in() == 0).map(Dialect.Next::at).orElse(Long.MAX_VALUE));
      return next;
    } catch (RuntimeException | Error e) {
      head.failed(look);
      throw e;
    }
  }

  /** Wakes who sleeps longer than until a queue's next due time. */
  private void look(String queue) {
    Head head = heads.of(queue);
    next(head, head.begin(clock.millis()), queue)
        .ifPresent(next -> wakes.leasableAt(queue, next.at()));
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    Subscription added = wakes.add(queue, wake);
    Subscription watched = watching.watch(queue);
    return () -> {
      added.close();
      watched.close();
    };
  }

  @Override
  public Optional<Entry> find(Key key) {
    return database.call(work -> dialect.find(work, key));
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    Listing listing =
        new Listing(queue, filter, from.map(Cursor::parse).orElse(Cursor.FIRST), limit);
    return database.call(work -> listing.page(dialect, work));
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return IdRange.of(prefix, from)
        .map(ids -> database.call(work -> Listing.search(dialect, work, queue, ids, limit)))
        .orElse(new Page<>(List.of(), Optional.empty()));
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    List<Window> windows = Window.between(edges);
    return database.call(work -> dialect.operations().countDue(work, queue, windows, most));
  }

  @Override
  public List<QueueStats> stats() {
    return database.call(dialect::stats);
  }

  @Override
  public boolean requeue(Key key) {
    Notice notice = now(key.queue());
    boolean requeued =
        database.call(work -> dialect.requeue(work, key, notice.text(clock.millis())));
    if (requeued) {
      written(notice);
    }
    return requeued;
  }

  @Override
  public long requeueAll(String queue) {
    long all = 0;
    for (int some = STEP; some == STEP; all += some) {
      Notice notice = now(queue);
      some = database.call(work -> dialect.requeue(work, queue, STEP, notice.text(clock.millis())));
      written(notice);
    }
    return all;
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    Notice notice = new Notice();
    notice.add(key.queue(), due.toEpochMilli());
    boolean took =
        database.call(
            work ->
                dialect
                    .operations()
                    .reschedule(work, key.queue(), key.id(), due, notice.text(clock.millis())));
    if (took) {
      written(notice);
    }
    return took;
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    try {
      return database.call(work -> dialect.operations().pause(work, queue, paused));
    } finally {
      pauses.changed(); // also when the answer was lost
      if (!paused) {
        wakes.leasableAt(queue, clock.millis());
      }
    }
  }

  private Notice now(String queue) {
    Notice notice = new Notice();
    notice.add(queue, clock.millis() - MOST_CLOCK_ERROR);
    return notice;
  }

  @Override
  public long purge(String queue) {
    long all = 0;
    Optional<Dialect.Purged> step = purge(queue, "");
    while (step.isPresent()) {
      all += step.get().removed();
      step = purge(queue, step.get().last());
    }
    upkeep.written();
    return all;
  }

  private Optional<Dialect.Purged> purge(String queue, String after) {
    return database.call(work -> dialect.purge(work, queue, after, STEP));
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return type == SqlQueue.class
        ? Optional.of(type.cast(new SqlQueue(this, door)))
        : Optional.empty();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return type == SqlDelivery.class
        ? Optional.of(type.cast(new SqlDelivery(this, door)))
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
      watching.close();
      upkeep.close();
    }
  }
}
