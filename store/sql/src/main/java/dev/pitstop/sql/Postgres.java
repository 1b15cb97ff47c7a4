package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, 12 and later. Thread-safe. */
final class Postgres implements Dialect {
  private static final String NOW =
      "floor(extract(epoch from statement_timestamp()) * 1000)::bigint";

  /*
   * Rows are found in the order of the index, those that others lock are passed over, and they are
   * updated by where they lie, which is the cheapest way there is. What comes out is in no order.
   * The last eight bits of a token count the leases since it was given; then a new number is drawn.
   */
  private static final String LEASE =
      """
      with l as (
        update pitstop_message set was = case when leased_until > 0 then 1 else 0 end,
          leased_until = least(%2$d, %1$s + ?), attempts = attempts + 1,
          token = case when token & 255 = 255 then nextval('pitstop_number') << 18 else token + 1 end
        where ctid = any(array(
          select ctid from pitstop_message
          where queue = ? and due is not null and due <= %1$s and leased_until <= %1$s
            and (due, seq) >= (?, ?)
          order by due, seq limit ? for update skip locked))
        returning *),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select ?, - count(*), count(*), 0 from l where was = 0 having count(*) > 0)
      select %3$s from l"""
          .formatted(NOW, Schedule.LAST.toEpochMilli(), Row.COLUMNS);

  /*
   * The first that can be leased now; else the end of the first lease or the next due time, whichever
   * is sooner.
   */
  private static final String NEXT =
      """
      select at, at * 1000 - floor(extract(epoch from clock_timestamp()) * 1000000)::bigint
      from (select coalesce(
        (select due from pitstop_message
          where queue = ? and due is not null and due <= %1$s and leased_until <= %1$s
            and (due, seq) >= (?, ?)
          order by due, seq limit 1),
        least(
          (select min(leased_until) from pitstop_message
            where queue = ? and due is not null and due <= %1$s and leased_until > %1$s
              and (due, seq) >= (?, ?)),
          (select greatest(due, leased_until) from pitstop_message
            where queue = ? and due > %1$s order by due, seq limit 1))) as at) n"""
          .formatted(NOW);

  private static final String REMOVE =
      """
      with r as (delete from pitstop_message m
        using unnest(?::integer[], ?::text[], ?::text[]) t(place, queue, id)
        where m.queue = t.queue and m.id = t.id
        returning m.queue, t.place, m.due is null as aside, m.leased_until > 0 as leased),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, - count(*) filter (where not aside and not leased),
          - count(*) filter (where not aside and leased), - count(*) filter (where aside)
        from r group by queue)
      select place from r""";

  private static final String FIND =
      "select " + Row.COLUMNS + " from pitstop_message where queue = ? and id = ?";

  private static final String LIVE =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message
          where queue = ? and due is not null and (due, seq) > (?, ?) and due < ?%s
          order by due, seq limit ?""";

  private static final String BURIED =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message where queue = ? and due is null and seq > ?
          order by seq limit ?""";

  private static final String STATS =
      """
      select queue, scheduled, leased, buried,
        (select due from pitstop_message m
          where m.queue = c.queue and due is not null and leased_until = 0
          order by due, seq limit 1),
        paused
      from (select queue, sum(scheduled)::bigint as scheduled, sum(leased)::bigint as leased,
          sum(buried)::bigint as buried, bool_or(paused) as paused
        from (select queue, scheduled, leased, buried, false as paused from pitstop_count
          union all select queue, 0, 0, 0, true from pitstop_pause) q
        group by queue) c
      where scheduled <> 0 or leased <> 0 or buried <> 0 or paused""";

  /* A message's place among equal due times is in its token still, but for the leases counted there. */
  private static final String REQUEUE =
      """
      with r as (update pitstop_message set was = 2, due = %s, seq = token & ~255::bigint,
          missed = 0, attempts = 0
        where %s returning queue),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, count(*), 0, - count(*) from r group by queue)
      select count(*) from r""";

  private static final String PURGE =
      """
      with s as (select ctid, id from pitstop_message
        where queue = ? and id > ? order by id limit ? for update),
      r as (delete from pitstop_message where ctid = any(array(select ctid from s))
        returning queue, due is null as aside, leased_until > 0 as leased),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, - count(*) filter (where not aside and not leased),
          - count(*) filter (where not aside and leased), - count(*) filter (where aside)
        from r group by queue)
      select (select max(id) from s), (select count(*) from r)""";

  private static final String COMPACT =
      """
      with o as (delete from pitstop_count
        where (select count(*) from (select 1 from pitstop_count limit 200) f) = 200
          and ctid = any(array(select ctid from pitstop_count limit 20000 for update skip locked))
        returning *),
      n as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, sum(scheduled), sum(leased), sum(buried) from o group by queue
        having sum(scheduled) <> 0 or sum(leased) <> 0 or sum(buried) <> 0)
      select count(*) from o""";

  private static final String MICROS =
      "select floor(extract(epoch from clock_timestamp()) * 1000000)::bigint";

  private final PostgresPuts puts;
  private final PostgresSettles settles;
  private final PostgresStatement lease;
  private final PostgresStatement next;
  private final PostgresStatement remove;
  private final PostgresStatement find;
  private final PostgresStatement live;
  private final PostgresStatement scheduled;
  private final PostgresStatement leased;
  private final PostgresStatement buried;
  private final PostgresStatement stats;
  private final PostgresStatement requeue;
  private final PostgresStatement requeueSome;
  private final PostgresStatement purge;
  private final PostgresStatement compact;
  private final PostgresStatement micros;
  private final PostgresOperations operations;

  Postgres(Tables tables) {
    puts = new PostgresPuts(tables);
    settles = new PostgresSettles(tables);
    lease = new PostgresStatement(tables, LEASE);
    next = new PostgresStatement(tables, NEXT);
    remove = new PostgresStatement(tables, REMOVE);
    find = new PostgresStatement(tables, FIND);
    live = new PostgresStatement(tables, LIVE.formatted(""));
    scheduled = new PostgresStatement(tables, LIVE.formatted(" and leased_until = 0"));
    leased = new PostgresStatement(tables, LIVE.formatted(" and leased_until > 0"));
    buried = new PostgresStatement(tables, BURIED);
    stats = new PostgresStatement(tables, STATS);
    requeue =
        new PostgresStatement(
            tables, REQUEUE.formatted(NOW, "queue = ? and id = ? and due is null"));
    requeueSome =
        new PostgresStatement(
            tables,
            REQUEUE.formatted(
                NOW,
                """
                ctid = any(array(select ctid from pitstop_message
                  where queue = ? and due is null order by seq limit ? for update))"""));
    purge = new PostgresStatement(tables, PURGE);
    compact = new PostgresStatement(tables, COMPACT);
    micros = new PostgresStatement(tables, MICROS);
    operations = new PostgresOperations(tables);
  }

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public boolean commitsEach() {
    return true;
  }

  @Override
  public Trouble trouble(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null) {
      return Trouble.OTHER;
    }
    return switch (state) {
      case "40001", "40P01", "55P03" -> Trouble.CONFLICT;
      case "26000", "42P05" -> Trouble.UNPREPARED;
      case "23505" -> Trouble.DUPLICATE;
      // admin shutdown, crash shutdown, cannot connect now; read only: no longer the primary
      case "57P01", "57P02", "57P03", "25006" -> Trouble.CONNECTION;
      case "54000" -> Trouble.VALUE;
      default ->
          state.startsWith("08")
              ? Trouble.CONNECTION
              : state.startsWith("22") ? Trouble.VALUE : Trouble.OTHER;
    };
  }

  @Override
  public long micros(Work work) throws SQLException {
    return micros.run(work, statement -> 0, Postgres::number);
  }

  @Override
  public List<PutResult> put(Work work, Batch<Put> batch, PutKind kind, @Nullable String wake)
      throws SQLException {
    return puts.put(work, batch, kind, wake);
  }

  @Override
  public List<Row> lease(Work work, String queue, int limit, Duration leaseTime, Position from)
      throws SQLException {
    return lease.run(
        work,
        statement -> {
          statement.setLong(1, Leases.millis(leaseTime));
          statement.setString(2, queue);
          from(statement, 3, from);
          statement.setInt(5, limit);
          statement.setString(6, queue);
          return 6;
        },
        Postgres::rows);
  }

  @Override
  public boolean[] settle(Work work, Batch<Settlement> batch, @Nullable String wake)
      throws SQLException {
    return settles.settle(work, batch, wake);
  }

  @Override
  public boolean[] remove(Work work, Batch<Key> batch) throws SQLException {
    boolean[] there = new boolean[batch.size()];
    int[] byRank = batch.byRank();
    return remove.run(
        work,
        statement -> {
          PostgresArrays<Key> keys = PostgresArrays.of(statement, batch);
          keys.add("text", Key::queue);
          keys.add("text", Key::id);
          return keys.last();
        },
        result -> {
          while (result.next()) {
            there[byRank[result.getInt(1)]] = true;
          }
          return there;
        });
  }

  @Override
  public Optional<Next> next(Work work, String queue, Position from) throws SQLException {
    return next.run(
        work,
        statement -> {
          statement.setString(1, queue);
          from(statement, 2, from);
          statement.setString(4, queue);
          from(statement, 5, from);
          statement.setString(7, queue);
          return 7;
        },
        result -> {
          result.next();
          long at = result.getLong(1);
          return result.wasNull()
              ? Optional.empty()
              : Optional.of(new Next(Math.max(0, result.getLong(2)), at));
        });
  }

  @Override
  public Optional<Entry> find(Work work, Key key) throws SQLException {
    return find
        .run(
            work,
            statement -> {
              statement.setString(1, key.queue());
              statement.setString(2, key.id());
              return 2;
            },
            Postgres::rows)
        .stream()
        .map(Row::entry)
        .findFirst();
  }

  @Override
  public List<Row> live(
      Work work, String queue, Optional<State> state, Position after, long end, int limit)
      throws SQLException {
    PostgresStatement list = state.map(of -> of == State.LEASED ? leased : scheduled).orElse(live);
    return list.run(
        work,
        statement -> {
          statement.setString(1, queue);
          from(statement, 2, after);
          statement.setLong(4, end);
          statement.setInt(5, limit);
          return 5;
        },
        Postgres::rows);
  }

  @Override
  public List<Row> buried(Work work, String queue, Position after, int limit) throws SQLException {
    return buried.run(
        work,
        statement -> {
          statement.setString(1, queue);
          statement.setLong(2, after.seq());
          statement.setInt(3, limit);
          return 3;
        },
        Postgres::rows);
  }

  @Override
  public List<QueueStats> stats(Work work) throws SQLException {
    return stats.run(work, statement -> 0, result -> rows(result, Counts::stats));
  }

  @Override
  public boolean requeue(Work work, Key key, @Nullable String wake) throws SQLException {
    return requeue.run(
            work,
            statement -> {
              statement.setString(1, key.queue());
              statement.setString(2, key.id());
              return 2;
            },
            Postgres::number,
            wake)
        > 0;
  }

  @Override
  public int requeue(Work work, String queue, int limit, @Nullable String wake)
      throws SQLException {
    return requeueSome
        .run(
            work,
            statement -> {
              statement.setString(1, queue);
              statement.setInt(2, limit);
              return 2;
            },
            Postgres::number,
            wake)
        .intValue();
  }

  @Override
  public Optional<Purged> purge(Work work, String queue, String after, int limit)
      throws SQLException {
    return purge.run(
        work,
        statement -> {
          statement.setString(1, queue);
          statement.setString(2, after);
          statement.setInt(3, limit);
          return 3;
        },
        result -> {
          result.next();
          String last = result.getString(1);
          return last == null ? Optional.empty() : Optional.of(new Purged(result.getInt(2), last));
        });
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public void compact(Work work) throws SQLException {
    compact.run(work, statement -> 0, Postgres::number);
  }

  @Override
  public void exclusively(Connection connection, Tables tables, SqlWork work) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement lock =
        connection.prepareStatement(
            "select pg_advisory_xact_lock(hashtext('pitstop'), hashtext(?))")) {
      lock.setString(1, tables.word());
      lock.execute();
      work.run(connection);
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Override
  public boolean hasTables(Connection connection, Tables tables) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                tables.in("select to_regclass('pitstop_version') is not null"))) {
      result.next();
      return result.getBoolean(1);
    }
  }

  private static void from(PreparedStatement statement, int parameter, Position from)
      throws SQLException {
    statement.setLong(parameter, from.due());
    statement.setLong(parameter + 1, from.seq());
  }

  static List<Row> rows(ResultSet result) throws SQLException {
    return rows(result, Row::read);
  }

  private static <T> List<T> rows(ResultSet result, PostgresStatement.Reader<T> row)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    while (result.next()) {
      rows.add(row.read(result));
    }
    return rows;
  }

  static Long number(ResultSet result) throws SQLException {
    result.next();
    return result.getLong(1);
  }
}
