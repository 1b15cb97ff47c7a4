package dev.pitstop.sql;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB, 10.6 and later, and MySQL, 8.0 and later. Thread-safe.
 *
 * <p>Ids and names of queues are bytes here, so that no collation takes two for the same. Times are
 * numbers made from UTC, whatever the session's time zone is. Each write is a short transaction of
 * a few statements that lock rows by their primary key, in its order.
 */
final class MySql implements Dialect {
  /** The server's time in milliseconds since 1970, without the session's time zone. */
  static final String NOW =
      "(timestampdiff(microsecond, timestamp'1970-01-01 00:00:00', utc_timestamp(6)) div 1000)";

  private static final String MICROS =
      "timestampdiff(microsecond, timestamp'1970-01-01 00:00:00', utc_timestamp(6))";

  /* Two ranges of the index, one behind the other. */
  private static final String FROM = " and (due > ? or (due = ? and seq >= ?))";

  private static final String NEXT =
      """
      select at, at * 1000 - %2$s
      from (select coalesce(
        (select due from pitstop_message force index (pitstop_due)
          where queue = ? and due <= %1$s and leased_until <= %1$s%3$s
          order by due, seq limit 1),
        least(
          coalesce((select min(leased_until) from pitstop_message force index (pitstop_due)
            where queue = ? and due <= %1$s and leased_until > %1$s%3$s), %4$d),
          coalesce((select greatest(due, leased_until)
            from pitstop_message force index (pitstop_due)
            where queue = ? and due > %1$s order by due, seq limit 1), %4$d))) as at) n"""
          .formatted(NOW, MICROS, FROM, Long.MAX_VALUE / 1000);

  private final Tables tables;
  private final Kind kind;
  private final boolean isolating;
  private final MySqlNumbers numbers;
  private final MySqlPuts puts;
  private final MySqlLeases leases;
  private final MySqlSettles settles;
  private final MySqlCounts counts;
  private final MySqlOperations operations;

  /** Which of the two it is. */
  enum Kind {
    /** MariaDB, whose INSERT tells by RETURNING what it has written. */
    MARIADB("tx_isolation"),
    /** MySQL. */
    MYSQL("transaction_isolation");

    /* A binary log of statements takes none of READ COMMITTED. */
    private static final String LOGS_STATEMENTS = "@@log_bin and @@binlog_format = 'STATEMENT'";

    private final String isolation;

    Kind(String isolation) {
      this.isolation = isolation;
    }

    /** What has the transactions of a connection be READ COMMITTED, where the server allows it. */
    String isolate() {
      return "set session %1$s = if(%2$s, @@%1$s, 'READ-COMMITTED')"
          .formatted(isolation, LOGS_STATEMENTS);
    }

    /** Asks whether those of a connection are not, and could be. */
    private String isIsolating() {
      return "select @@%s <> 'READ-COMMITTED' and not (%s)".formatted(isolation, LOGS_STATEMENTS);
    }
  }

  private MySql(Tables tables, Kind kind, boolean isolating) {
    this.tables = tables;
    this.kind = kind;
    this.isolating = isolating;
    numbers = new MySqlNumbers(tables);
    counts = new MySqlCounts(tables, numbers);
    MySqlRows rows = new MySqlRows(tables, counts);
    puts = new MySqlPuts(tables, kind, numbers, counts);
    leases = new MySqlLeases(tables, rows, numbers, counts);
    settles = new MySqlSettles(tables, rows, numbers, counts);
    operations = new MySqlOperations(tables, rows, counts);
  }

  /** That of a connection's server; others of the same source are taken to be set as it is. */
  static MySql of(Connection connection, Tables tables, Kind kind) throws SQLException {
    boolean isolating =
        new MySqlStatement(Work.plain(connection, true, true), kind.isIsolating())
            .rows(result -> result.getBoolean(1))
            .get(0);
    return new MySql(tables, kind, isolating);
  }

  @Override
  public String name() {
    return kind == Kind.MARIADB ? "mariadb" : "mysql";
  }

  @Override
  public boolean commitsEach() {
    return false;
  }

  @Override
  public boolean canPrepare() {
    return true;
  }

  @Override
  public Trouble trouble(SQLException failure) {
    switch (failure.getErrorCode()) {
      case 1213 -> { // deadlock
        return Trouble.CONFLICT;
      }
      case 1205, 3572 -> { // lock wait timeout, lock not available
        return Trouble.HELD;
      }
      case 1062 -> {
        return Trouble.DUPLICATE;
      }
      case 1153, 1406, 1366, 1264 -> { // packet too big, data too long, incorrect, out of range
        return Trouble.VALUE;
      }
      case 1053, 1290, 1792, 1836, 1927 -> { // shutdown, read only, connection killed
        return Trouble.CONNECTION;
      }
      default -> {
        String state = failure.getSQLState();
        if (state == null) {
          return Trouble.OTHER;
        } else if (state.startsWith("08")) {
          return Trouble.CONNECTION;
        }
        return state.startsWith("22") || isTooBig(failure) ? Trouble.VALUE : Trouble.OTHER;
      }
    }
  }

  /* The default, REPEATABLE READ, locks gaps also, where others would store. */
  @Override
  public String isolation() {
    return isolating ? "set transaction isolation level read committed" : "";
  }

  /** In whole seconds, of which none means not to wait; MySQL has no such limit for a statement. */
  @Override
  public String lockLimit(int millis) {
    return kind == Kind.MARIADB
        ? "set statement innodb_lock_wait_timeout = " + millis / 1_000 + " for "
        : "";
  }

  /** The drivers' own, before anything is sent. */
  private static boolean isTooBig(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null
          && (message.contains("max_allowed_packet") || message.contains("maxAllowedPacket"))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long micros(Work work) throws SQLException {
    return statement(work, "select " + MICROS).rows(result -> result.getLong(1)).get(0);
  }

  private MySqlStatement statement(Work work, String sql) {
    return new MySqlStatement(work, tables.in(sql));
  }

  @Override
  public List<PutResult> put(Work work, Batch<Put> batch, PutKind kind, @Nullable String wake)
      throws SQLException {
    List<PutResult> results = new ArrayList<>(batch.size());
    for (Batch<Put> some : batch.runs(put -> put.entry().key().queue())) {
      results.addAll(puts.put(work, some, kind));
    }
    return results;
  }

  @Override
  public List<Row> lease(
      Work work, String queue, int limit, Duration leaseTime, Position from, long latest)
      throws SQLException {
    return leases.lease(work, queue, limit, leaseTime, from);
  }

  @Override
  public boolean[] settle(Work work, Batch<Settlement> batch, @Nullable String wake)
      throws SQLException {
    return byQueue(batch, Settlement::key, some -> settles.settle(work, some));
  }

  @Override
  public boolean[] remove(Work work, Batch<Key> batch) throws SQLException {
    return byQueue(batch, key -> key, some -> settles.remove(work, some));
  }

  /** What is done with the messages of one queue; answers in their order. */
  private interface OfQueue<T> {
    boolean[] carryOut(Batch<T> some) throws SQLException;
  }

  private static <T> boolean[] byQueue(Batch<T> batch, Function<T, Key> key, OfQueue<T> each)
      throws SQLException {
    boolean[] answers = new boolean[batch.size()];
    int done = 0;
    for (Batch<T> some : batch.runs(item -> key.apply(item).queue())) {
      System.arraycopy(each.carryOut(some), 0, answers, done, some.size());
      done += some.size();
    }
    return answers;
  }

  @Override
  public Optional<Next> next(Work work, String queue, Position from) throws SQLException {
    byte[] name = MySqlStatement.bytes(queue);
    MySqlStatement statement = from(statement(work, NEXT).with(name), from);
    return from(statement.with(name), from)
        .with(name)
        .rows(result -> new Next(Math.max(0, result.getLong(2)), result.getLong(1)))
        .stream()
        .filter(next -> next.at() < Long.MAX_VALUE / 1000)
        .findFirst();
  }

  /** Adds a position's parameters. */
  static MySqlStatement from(MySqlStatement statement, Position from) {
    return statement.with(from.due()).with(from.due()).with(from.seq());
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public void compact(Work work) throws SQLException {
    counts.compact(work);
    numbers.sweep(work);
  }

  @Override
  public void exclusively(Connection connection, Tables tables, SqlWork work) throws SQLException {
    Work own = Work.plain(connection, true, true);
    String name = "pitstop." + tables.word();
    int got =
        new MySqlStatement(own, "select get_lock(?, 60)")
            .with(name)
            .rows(result -> result.getInt(1))
            .get(0);
    if (got != 1) {
      throw new SQLException("another process has been at the tables for 60 seconds", "HYT00");
    }
    try {
      work.run(connection);
    } finally {
      new MySqlStatement(own, "select release_lock(?)").with(name).rows(result -> 0);
    }
  }

  @Override
  public boolean hasTables(Connection connection, Tables tables) throws SQLException {
    String name = tables.in("pitstop_version");
    int dot = name.indexOf('.');
    return !new MySqlStatement(
            Work.plain(connection, true, true),
            "select 1 from information_schema.tables where table_name = ?"
                + " and (@@lower_case_table_names > 0"
                + " or cast(table_name as binary) = cast(? as binary))"
                + " and table_schema = coalesce(?, database())")
        .with(name.substring(dot + 1))
        .with(name.substring(dot + 1))
        .with(dot < 0 ? null : name.substring(0, dot))
        .rows(result -> 1)
        .isEmpty();
  }
}
