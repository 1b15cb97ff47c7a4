package dev.pitstop.sql;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Burials;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
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
import java.util.ArrayList;
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
  private final Database database;
  private final ServerClock clock = new ServerClock();
  private final Wakes wakes = new Wakes();
  private final Heads heads = new Heads();
  private final Looks looks;
  private final Upkeep upkeep;
  private final News news;
  private final Writes writes;
  private final Operating operating;
  private final Watching watching;
  private final Pauses pauses;

  private SqlStore(Database database, Notices.@Nullable Source notices, Duration poll) {
    this.database = database;
    looks = new Looks(database, clock, heads);
    upkeep = new Upkeep(database, clock);
    news = new News(heads, wakes, upkeep::written);
    writes = new Writes(database, clock, heads, news);
    operating = new Operating(database, clock, news);
    watching = new Watching(database, heads, notices, poll, news::leasableAt, this::look);
    pauses = new Pauses(() -> database.call(database.dialect().operations()::paused));
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
          dialect instanceof Postgres && settings.notifications()
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
      boolean autoCommit = connection.getAutoCommit();
      int networkTimeout = connection.getNetworkTimeout();
      try {
        connection.setAutoCommit(true);
        Dialect dialect = Dialects.of(connection, tables);
        new Schema(dialect, tables).prepare(connection, mode);
        return dialect;
      } finally {
        Database.restore(connection, autoCommit, networkTimeout);
      }
    }
  }

  /** What is written, also in the application's transactions. */
  Writes writes() {
    return writes;
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return writes.put(puts);
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    if (pauses.has(queue)) {
      return List.of();
    }
    List<Row> rows = looks.lease(queue, limit, leaseTime);
    if (!rows.isEmpty()) {
      news.written();
    }
    return sound(rows);
  }

  /** Those of what was leased that could be read; the others are buried. */
  private List<Entry> sound(List<Row> leased) {
    List<Entry> sound = new ArrayList<>(leased.size());
    Burials burials = new Burials();
    for (Row row : leased) {
      String damage = row.damage();
      if (damage == null) {
        sound.add(row.entry());
      } else {
        burials.add(row.entry(), damage);
      }
    }
    burials.carryOut(this::settle);
    return sound;
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return writes.settle(settlements);
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return writes.remove(keys);
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    wakes.asleepUntil(queue, Long.MAX_VALUE);
    if (pauses.has(queue)) {
      return Optional.of(Pauses.WAIT);
    }
    Optional<Duration> wait = looks.untilNext(queue);
    wait.ifPresent(time -> wakes.asleepUntil(queue, clock.now().plus(time).toEpochMilli()));
    return wait;
  }

  /** Wakes who sleeps longer than until a queue's next due time. */
  private void look(String queue) {
    looks.next(queue).ifPresent(next -> wakes.leasableAt(queue, next.at()));
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
    return operating.find(key);
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return operating.list(queue, filter, from, limit);
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return operating.search(queue, prefix, from, limit);
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    return operating.countDue(queue, edges, most);
  }

  @Override
  public List<QueueStats> stats() {
    return operating.stats();
  }

  @Override
  public boolean requeue(Key key) {
    return operating.requeue(key);
  }

  @Override
  public long requeueAll(String queue) {
    return operating.requeueAll(queue);
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    return operating.reschedule(key, due);
  }

  @Override
  public long purge(String queue) {
    return operating.purge(queue);
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    try {
      return database.call(work -> database.dialect().operations().pause(work, queue, paused));
    } finally {
      pauses.changed(); // also when the answer was lost
      if (!paused) {
        wakes.leasableAt(queue, clock.millis());
      }
    }
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return type == SqlQueue.class
        ? Optional.of(type.cast(new SqlQueue(writes, door)))
        : Optional.empty();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return type == SqlDelivery.class
        ? Optional.of(type.cast(new SqlDelivery(writes, door)))
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
