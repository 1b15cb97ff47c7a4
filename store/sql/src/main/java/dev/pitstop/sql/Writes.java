package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.HeldException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts, settles and removes messages, many with a call, in batches of one kind. Thread-safe. */
final class Writes {
  private static final Logger LOG = LoggerFactory.getLogger(Writes.class);

  private static final Batch.Parting<Settlement, Class<?>> SETTLEMENTS =
      new Batch.Parting<>(Settlement::key, Settlement::getClass, settlement -> 0, false);
  private static final Batch.Parting<Key, Class<?>> KEYS =
      new Batch.Parting<>(key -> key, key -> Key.class, key -> 0, false);

  private final Database database;
  private final Dialect dialect;
  private final ServerClock clock;
  private final Heads heads;
  private final News news;

  Writes(Database database, ServerClock clock, Heads heads, News news) {
    this.database = database;
    this.dialect = database.dialect();
    this.clock = clock;
    this.heads = heads;
    this.news = news;
  }

  /** Puts entries; see {@link Store#put}. */
  List<PutResult> put(List<Put> puts) {
    PutResult[] results = new PutResult[puts.size()];
    Batch.Parting<Put, Dialect.PutKind> parting = Puts.parting(puts);
    for (Batch<Put> batch : parting.batches(puts)) {
      Dialect.PutKind kind = parting.kind().apply(batch.items().get(0));
      new Halving<Put>(
              dialect,
              (some, patience) -> put(some, kind, patience, results),
              (put, place, held, why) -> results[place] = Puts.refused(put, held, why))
          .run(batch);
    }
    return List.of(results);
  }

  private void put(Batch<Put> batch, Dialect.PutKind kind, Patience patience, PutResult[] results)
      throws SQLException {
    Notice notice = notice(batch.items());
    Map<String, Position> before = heads.furthest(notice.earliest().keySet());
    String wake = notice.text(clock.millis());
    List<PutResult> answers;
    try {
      answers = database.callRefusing(patience, work -> dialect.put(work, batch, kind, wake));
    } catch (SQLException e) {
      if (dialect.trouble(e) != Dialect.Trouble.DUPLICATE || kind != Dialect.PutKind.INSERT) {
        throw e;
      }
      Dialect.PutKind other = Dialect.PutKind.REPLACE;
      answers = database.callRefusing(patience, work -> dialect.put(work, batch, other, wake));
    }
    batch.place(answers::get, results);
    news.stored(notice, before);
  }

  /**
   * Puts a message in the application's transaction.
   *
   * @throws SQLException as the driver does
   */
  PutResult put(Connection connection, Put put) throws SQLException {
    Notice notice = notice(List.of(put));
    Batch<Put> batch = Batch.of(put);
    news.written();
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

  /** Settles leases; see {@link Store#settle}. */
  List<Boolean> settle(List<Settlement> settlements) {
    Boolean[] results = new Boolean[settlements.size()];
    for (Batch<Settlement> batch : SETTLEMENTS.batches(settlements)) {
      new Halving<Settlement>(
              dialect,
              (some, patience) -> settle(some, patience, results),
              (settlement, place, held, why) -> results[place] = lost(settlement, held, why))
          .run(batch);
    }
    return List.of(results);
  }

  private void lasts(Settlement settlement) {
    if (settlement instanceof Settlement.Extend extend) {
      long now = clock.millis();
      heads.of(extend.key().queue()).lasts(now, Lease.end(now, extend.leaseTime()));
    }
  }

  private void settle(Batch<Settlement> batch, Patience patience, Boolean[] results)
      throws SQLException {
    Notice notice = new Notice();
    batch.items().forEach(settlement -> leasable(settlement, notice));
    String wake = notice.text(clock.millis());
    boolean[] took = database.callRefusing(patience, work -> dialect.settle(work, batch, wake));
    batch.place(i -> took[i], results);
    news.written(notice);
    batch.items().forEach(this::lasts);
  }

  /**
   * That a lease was not settled: its message is being replaced, removed or acked by an open
   * transaction. If that is rolled back, the lease runs out.
   */
  private boolean lost(Settlement settlement, boolean held, SQLException why) {
    if (!held) {
      throw database.unavailable(why);
    }
    LOG.debug("{} is held by an open transaction and was not settled", settlement.key(), why);
    return false;
  }

  /** Adds when a message can be leased again that is settled so. */
  private void leasable(Settlement settlement, Notice notice) {
    String queue = settlement.key().queue();
    if (settlement instanceof Settlement.Move move) {
      notice.addAmong(queue, move.progress().due().toEpochMilli());
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
    news.written();
    return dialect.settle(database.in(connection), batch, notice.text(clock.millis()))[0];
  }

  /** Removes messages; see {@link Store#remove}. */
  List<Boolean> remove(List<Key> keys) {
    Boolean[] results = new Boolean[keys.size()];
    List<HeldException> heldBack = new ArrayList<>();
    for (Batch<Key> batch : KEYS.batches(keys)) {
      new Halving<Key>(
              dialect,
              (some, patience) -> remove(some, patience, results),
              (key, place, held, why) -> heldBack.add(held(key, held, why)))
          .run(batch);
    }
    news.written();
    if (!heldBack.isEmpty()) {
      throw heldBack.get(0);
    }
    return List.of(results);
  }

  private HeldException held(Key key, boolean held, SQLException why) {
    if (!held) {
      throw database.unavailable(why);
    }
    return Puts.held(key, why);
  }

  private void remove(Batch<Key> batch, Patience patience, Boolean[] results) throws SQLException {
    boolean[] there = database.callRefusing(patience, work -> dialect.remove(work, batch));
    batch.place(i -> there[i], results);
  }
}
