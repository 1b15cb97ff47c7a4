package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
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
  private static final String BEHIND = " and (due > ? or (due = ? and seq > ?))";

  private static final String SELECT = "select " + Row.COLUMNS + " from pitstop_message ";

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

  private static final String STATS =
      """
      select queue, scheduled, leased, buried,
        (select due from pitstop_message m force index (pitstop_due)
          where m.queue = c.queue and due is not null and leased_until = 0
          order by due, seq limit 1),
        paused
      from (select queue, cast(sum(scheduled) as signed) as scheduled,
          cast(sum(leased) as signed) as leased, cast(sum(buried) as signed) as buried,
          max(paused) as paused
        from (select queue, scheduled, leased, buried, 0 as paused from pitstop_count
          union all select queue, 0, 0, 0, 1 from pitstop_pause) q
        group by queue) c
      where scheduled <> 0 or leased <> 0 or buried <> 0 or paused > 0""";

  /* A message's place among equal due times is in its token still, but for the leases counted there. */
  private static final String REQUEUE =
      "update pitstop_message set due = "
          + NOW
          + ", seq = token & ~255, missed = 0, attempts = 0"
          + " where queue = ? and due is null and id in ";

  private static final int MANY_COUNTS = 200;
  private static final int MOST_COUNTS = 20_000;

  private final Tables tables;
  private final Kind kind;
  private final MySqlNumbers numbers;
  private final MySqlPuts puts;
  private final MySqlLeases leases;
  private final MySqlOperations operations;

  /** Which of the two it is. */
  enum Kind {
    /** MariaDB, which tells by RETURNING what it has written. */
    MARIADB,
    /** MySQL. */
    MYSQL
  }

  MySql(Tables tables, Kind kind) {
    this.tables = tables;
    this.kind = kind;
    numbers = new MySqlNumbers(tables);
    puts = new MySqlPuts(tables, this);
    leases = new MySqlLeases(tables, this);
    operations = new MySqlOperations(tables, this);
  }

  @Override
  public String name() {
    return kind == Kind.MARIADB ? "mariadb" : "mysql";
  }

  /** Whether INSERT and DELETE tell what they have written. */
  boolean canReturn() {
    return kind == Kind.MARIADB;
  }

  MySqlNumbers numbers() {
    return numbers;
  }

  @Override
  public boolean commitsEach() {
    return false;
  }

  @Override
  public Trouble trouble(SQLException failure) {
    switch (failure.getErrorCode()) {
      case 1213, 1205, 3572 -> { // deadlock, lock wait timeout, lock not available
        return Trouble.CONFLICT;
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

  /** Adds how the counts of a queue change. */
  void count(Work work, String queue, Counts counts) throws SQLException {
    if (!counts.isNothing()) {
      statement(
              work,
              "insert into pitstop_count (queue, scheduled, leased, buried) values (?, ?, ?, ?)")
          .with(MySqlStatement.bytes(queue))
          .with(counts.scheduled())
          .with(counts.leased())
          .with(counts.buried())
          .update();
    }
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
  public List<Row> lease(Work work, String queue, int limit, Duration leaseTime, Position from)
      throws SQLException {
    return leases.lease(work, queue, limit, leaseTime, from);
  }

  @Override
  public boolean[] settle(Work work, Batch<Settlement> batch, @Nullable String wake)
      throws SQLException {
    boolean[] took = new boolean[batch.size()];
    int done = 0;
    for (Batch<Settlement> some : batch.runs(settlement -> settlement.key().queue())) {
      boolean[] answers = leases.settle(work, some);
      System.arraycopy(answers, 0, took, done, answers.length);
      done += answers.length;
    }
    return took;
  }

  @Override
  public boolean[] remove(Work work, Batch<Key> batch) throws SQLException {
    boolean[] there = new boolean[batch.size()];
    int done = 0;
    for (Batch<Key> some : batch.runs(Key::queue)) {
      List<String> ids = some.items().stream().map(Key::id).toList();
      List<String> removed = remove(work, some.items().get(0).queue(), ids);
      for (String id : ids) {
        there[done++] = removed.contains(id);
      }
    }
    return there;
  }

  /** Removes messages of a queue; says which were there. */
  private List<String> remove(Work work, String queue, List<String> ids) throws SQLException {
    Counts counts = new Counts();
    String which =
        " from pitstop_message where queue = ? and id in " + MySqlStatement.list(ids.size());
    String states = "id, due is null, leased_until > 0";
    List<String> removed =
        statement(
                work,
                canReturn()
                    ? "delete" + which + " returning " + states
                    : "select " + states + which + " for update")
            .with(MySqlStatement.bytes(queue))
            .withIds(ids)
            .rows(
                result -> {
                  State state =
                      result.getBoolean(2)
                          ? State.BURIED
                          : result.getBoolean(3) ? State.LEASED : State.SCHEDULED;
                  counts.add(state, -1);
                  return MySqlStatement.text(result.getBytes(1));
                });
    if (!canReturn() && !removed.isEmpty()) {
      statement(work, "delete" + which).with(MySqlStatement.bytes(queue)).withIds(ids).update();
    }
    count(work, queue, counts);
    return removed;
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
  public Optional<Entry> find(Work work, Key key) throws SQLException {
    return statement(work, SELECT + "where queue = ? and id = ?")
        .with(MySqlStatement.bytes(key.queue()))
        .with(MySqlStatement.bytes(key.id()))
        .rows(Row::read)
        .stream()
        .map(Row::entry)
        .findFirst();
  }

  @Override
  public List<Row> live(
      Work work, String queue, Optional<State> state, Position after, long end, int limit)
      throws SQLException {
    String only =
        state.map(s -> " and leased_until " + (s == State.LEASED ? "> 0" : "= 0")).orElse("");
    MySqlStatement statement =
        statement(
                work,
                SELECT
                    + "force index (pitstop_due) where queue = ? and due < ?"
                    + BEHIND
                    + only
                    + " order by due, seq limit ?")
            .with(MySqlStatement.bytes(queue))
            .with(end);
    return from(statement, after).with(limit).rows(Row::read);
  }

  @Override
  public List<Row> buried(Work work, String queue, Position after, int limit) throws SQLException {
    return statement(
            work,
            SELECT
                + "force index (pitstop_due) where queue = ? and due is null and seq > ?"
                + " order by seq limit ?")
        .with(MySqlStatement.bytes(queue))
        .with(after.seq())
        .with(limit)
        .rows(Row::read);
  }

  @Override
  public List<QueueStats> stats(Work work) throws SQLException {
    return statement(work, STATS).rows(Counts::stats);
  }

  @Override
  public boolean requeue(Work work, Key key, @Nullable String wake) throws SQLException {
    return requeue(work, key.queue(), List.of(key.id())) > 0;
  }

  @Override
  public int requeue(Work work, String queue, int limit, @Nullable String wake)
      throws SQLException {
    List<String> ids =
        statement(
                work,
                "select id from pitstop_message force index (pitstop_due)"
                    + " where queue = ? and due is null order by seq limit ? for update")
            .with(MySqlStatement.bytes(queue))
            .with(limit)
            .rows(result -> MySqlStatement.text(result.getBytes(1)));
    return ids.isEmpty() ? 0 : requeue(work, queue, ids);
  }

  private int requeue(Work work, String queue, List<String> ids) throws SQLException {
    int requeued =
        statement(work, REQUEUE + MySqlStatement.list(ids.size()))
            .with(MySqlStatement.bytes(queue))
            .withIds(ids)
            .update();
    Counts counts = new Counts();
    counts.add(State.SCHEDULED, requeued);
    counts.add(State.BURIED, -requeued);
    count(work, queue, counts);
    return requeued;
  }

  @Override
  public Optional<Purged> purge(Work work, String queue, String after, int limit)
      throws SQLException {
    List<String> ids =
        statement(
                work,
                "select id from pitstop_message where queue = ? and id > ? order by id limit ?"
                    + " for update")
            .with(MySqlStatement.bytes(queue))
            .with(MySqlStatement.bytes(after))
            .with(limit)
            .rows(result -> MySqlStatement.text(result.getBytes(1)));
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    int removed = remove(work, queue, ids).size();
    return Optional.of(new Purged(removed, ids.get(ids.size() - 1)));
  }

  @Override
  public Operations operations() {
    return operations;
  }

  /** A row of the counts. */
  private record Count(long number, String queue, long scheduled, long leased, long buried) {}

  @Override
  public void compact(Work work) throws SQLException {
    List<Count> rows =
        statement(
                work,
                "select number, queue, scheduled, leased, buried from pitstop_count"
                    + " order by number limit ? for update skip locked")
            .with(MOST_COUNTS)
            .rows(
                result ->
                    new Count(
                        result.getLong(1),
                        MySqlStatement.text(result.getBytes(2)),
                        result.getLong(3),
                        result.getLong(4),
                        result.getLong(5)));
    if (rows.size() >= MANY_COUNTS) {
      sumUp(work, rows);
    }
    numbers.sweep(work, MOST_COUNTS);
  }

  private void sumUp(Work work, List<Count> rows) throws SQLException {
    MySqlStatement delete =
        statement(
            work, "delete from pitstop_count where number in " + MySqlStatement.list(rows.size()));
    rows.forEach(row -> delete.with(row.number()));
    delete.update();
    List<String> queues = rows.stream().map(Count::queue).distinct().toList();
    for (String queue : queues) {
      Counts sum = new Counts();
      for (Count row : rows) {
        if (row.queue().equals(queue)) {
          sum.add(State.SCHEDULED, row.scheduled());
          sum.add(State.LEASED, row.leased());
          sum.add(State.BURIED, row.buried());
        }
      }
      count(work, queue, sum);
    }
  }

  @Override
  public void exclusively(Connection connection, Tables tables, SqlWork work) throws SQLException {
    Work own = new Work(connection, true, true);
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
            new Work(connection, true, true),
            "select 1 from information_schema.tables where table_name = ?"
                + " and table_schema = coalesce(?, database())")
        .with(name.substring(dot + 1))
        .with(dot < 0 ? null : name.substring(0, dot))
        .rows(result -> 1)
        .isEmpty();
  }
}
