package dev.pitstop.sql;

import dev.pitstop.Schedule;
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
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL, 12 and later. Thread-safe. */
final class Postgres implements Dialect {
  private static final Logger LOG = LoggerFactory.getLogger(Postgres.class);

  /** The server's time in milliseconds since 1970. */
  static final String NOW = "floor(extract(epoch from statement_timestamp()) * 1000)::bigint";

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
            and (due, seq) >= (?, ?) and %1$s <= ?
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

  private static final String ISOLATION = "set transaction_isolation = 'read committed';\n";

  private final boolean direct;
  private final String isolation;
  private final PostgresPuts puts;
  private final PostgresSettles settles;
  private final PostgresStatement lease;
  private final PostgresStatement next;
  private final PostgresStatement remove;
  private final PostgresStatement compact;
  private final PostgresStatement micros;
  private final PostgresOperations operations;

  private Postgres(Tables tables, boolean direct, String isolation) {
    this.direct = direct;
    this.isolation = isolation;
    puts = new PostgresPuts(tables);
    settles = new PostgresSettles(tables);
    lease = new PostgresStatement(tables, LEASE);
    next = new PostgresStatement(tables, NEXT);
    remove = new PostgresStatement(tables, REMOVE);
    compact = new PostgresStatement(tables, COMPACT);
    micros = new PostgresStatement(tables, MICROS);
    operations = new PostgresOperations(tables);
  }

  /**
   * That of a connection's server. Another process answers there than the one that the driver was
   * greeted by where a pooler stands between. Each transaction may have another process then, in
   * which the name of a prepared statement stands for nothing, or for someone else's.
   */
  static Postgres of(Connection connection, Tables tables) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet process =
            statement.executeQuery(
                "select pg_backend_pid(),"
                    + " current_setting('transaction_isolation') = 'read committed'")) {
      process.next();
      int greeting = connection.unwrap(PGConnection.class).getBackendPID();
      boolean direct = process.getInt(1) == greeting;
      if (!direct) {
        LOG.info("a pooler stands before the server; no statements are prepared, which is slower");
      }
      return new Postgres(tables, direct, process.getBoolean(2) ? "" : ISOLATION);
    }
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
  public boolean canPrepare() {
    return direct;
  }

  @Override
  public Trouble trouble(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null) {
      return Trouble.OTHER;
    }
    return switch (state) {
      case "40001", "40P01" -> Trouble.CONFLICT;
      case "55P03" -> Trouble.HELD;
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
  public String isolation() {
    return isolation;
  }

  @Override
  public String lockLimit(int millis) {
    return "set_config('lock_timeout', '" + millis + "', true)";
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
  public List<Row> lease(
      Work work, String queue, int limit, Duration leaseTime, Position from, long latest)
      throws SQLException {
    return lease.run(
        work,
        statement -> {
          statement.setLong(1, Leases.millis(leaseTime));
          statement.setString(2, queue);
          from(statement, 3, from);
          statement.setLong(5, latest);
          statement.setInt(6, limit);
          statement.setString(7, queue);
          return 7;
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
  public Operations operations() {
    return operations;
  }

  @Override
  public void compact(Work work) throws SQLException {
    compact.run(work, statement -> 0, Postgres::number);
  }

  @Override
  public void exclusively(Connection connection, Tables tables, SqlWork work) throws SQLException {
    PGConnection driver = connection.unwrap(PGConnection.class);
    int threshold = driver.getPrepareThreshold();
    driver.setPrepareThreshold(0); // otherwise it prepares even COMMIT
    connection.setAutoCommit(false);
    try (PreparedStatement lock =
        connection.prepareStatement(
            "select pg_advisory_xact_lock(hashtext('pitstop'), hashtext(?))")) {
      lock.setString(1, tables.word());
      lock.execute();
      work.run(connection);
      connection.commit();
      connection.setAutoCommit(true);
    } catch (SQLException | RuntimeException e) {
      Database.rollBack(connection, e);
      throw e;
    } finally {
      driver.setPrepareThreshold(threshold);
    }
  }

  /* Only who reads a table hears of what others have made since the transaction began. */
  @Override
  public boolean hasTables(Connection connection, Tables tables) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                tables.in(
                    "select to_regclass('pitstop_version') is not null"
                        + " from pg_catalog.pg_class limit 1"))) {
      result.next();
      return result.getBoolean(1);
    }
  }

  /** Sets a position's parameters. */
  static void from(PreparedStatement statement, int parameter, Position from) throws SQLException {
    statement.setLong(parameter, from.due());
    statement.setLong(parameter + 1, from.seq());
  }

  static List<Row> rows(ResultSet result) throws SQLException {
    return rows(result, Row::read);
  }

  static <T> List<T> rows(ResultSet result, PostgresStatement.Reader<T> row) throws SQLException {
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
