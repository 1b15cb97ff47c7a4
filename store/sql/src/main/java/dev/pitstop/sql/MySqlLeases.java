package dev.pitstop.sql;

import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Leases messages and settles leases in MariaDB and MySQL. Thread-safe. */
final class MySqlLeases {
  private static final String DUE =
      "select "
          + Row.COLUMNS
          + ", "
          + MySql.NOW
          + """
           from pitstop_message force index (pitstop_due)
          where queue = ? and due <= %1$s and leased_until <= %1$s
            and (due > ? or (due = ? and seq >= ?))
          order by due, seq limit ? for update skip locked"""
              .formatted(MySql.NOW);

  /*
   * The key is forced: for a list of ids InnoDB reads a small table as a whole, and then waits for
   * rows that were not asked for. The rows are locked already.
   */
  private static final String LEASE =
      "update pitstop_message force index (primary)"
          + " set leased_until = ?, token = %s, attempts = attempts + 1"
          + " where queue = ? and id in %s";

  /** Of longer lists the ranges of the key are no longer looked at one by one. */
  private static final int MOST_IDS = 500;

  /* A lease that was settled has leased_until = 0, so that its token settles nothing again. */
  private static final String HELD =
      " where queue = ? and id = ? and token = ? and leased_until > 0";

  private static final String DELETE = "delete from pitstop_message" + HELD;

  private static final String MOVE =
      """
      update pitstop_message set leased_until = 0, due = ?, scheduled_for = ?, missed = ?,
        attempts = ?, last_error = ?"""
          + HELD;

  private static final String BURY =
      """
      update pitstop_message set leased_until = 0, due = null, seq = ?, scheduled_for = ?,
        missed = ?, attempts = ?, last_error = ?"""
          + HELD;

  private static final String EXTEND =
      "update pitstop_message set leased_until = least(%d, ? + %s)"
              .formatted(Schedule.LAST.toEpochMilli(), MySql.NOW)
          + HELD;

  private final Tables tables;
  private final MySql dialect;

  MySqlLeases(Tables tables, MySql dialect) {
    this.tables = tables;
    this.dialect = dialect;
  }

  /** A message that was found due, and the server's time then. */
  private record Due(Row row, long now) {}

  List<Row> lease(Work work, String queue, int limit, Duration leaseTime, Position from)
      throws SQLException {
    MySqlStatement select =
        new MySqlStatement(work, tables.in(DUE)).with(MySqlStatement.bytes(queue));
    List<Due> found =
        MySql.from(select, from)
            .with(limit)
            .rows(result -> new Due(Row.read(result), result.getLong(15)));
    if (found.isEmpty()) {
      return List.of();
    }
    long until = Lease.end(found.get(0).now(), leaseTime);
    List<Row> leased = new ArrayList<>(found.size());
    List<String> ids = new ArrayList<>(found.size());
    Counts counts = new Counts();
    for (Due due : found) {
      Entry entry = due.row().entry();
      counts.add(entry.state(), -1);
      counts.add(State.LEASED, 1);
      long token = token(work, due.row(), until, queue);
      if (token == due.row().token() + 1) {
        ids.add(entry.key().id());
      }
      leased.add(due.row().leasedBy(new Lease(token, Instant.ofEpochMilli(until))));
    }
    if (!ids.isEmpty()) {
      update(work, "token + 1", until, queue, ids);
    }
    dialect.count(work, queue, counts);
    return leased;
  }

  /** The token of a lease; one whose count of leases is used up is written here. */
  private long token(Work work, Row row, long until, String queue) throws SQLException {
    if (MySqlNumbers.leases(row.token() + 1) != 0) {
      return row.token() + 1;
    }
    long fresh = dialect.numbers().next(work);
    update(work, Long.toString(fresh), until, queue, List.of(row.entry().key().id()));
    return fresh;
  }

  private void update(Work work, String token, long until, String queue, List<String> ids)
      throws SQLException {
    for (int first = 0; first < ids.size(); first += MOST_IDS) {
      List<String> some = ids.subList(first, Math.min(first + MOST_IDS, ids.size()));
      new MySqlStatement(work, tables.in(LEASE.formatted(token, MySqlStatement.list(some.size()))))
          .with(until)
          .with(MySqlStatement.bytes(queue))
          .withIds(some)
          .update();
    }
  }

  /** Settles leases of one queue and of one kind. */
  boolean[] settle(Work work, Batch<Settlement> batch) throws SQLException {
    List<Settlement> items = batch.items();
    Settlement kind = items.get(0);
    long write = kind instanceof Settlement.Bury ? dialect.numbers().next(work) : 0;
    Iterator<Integer> ranks = IntStream.of(batch.ranks()).iterator();
    boolean[] took =
        MySqlStatement.each(
            work,
            tables.in(statement(kind)),
            items,
            (statement, settlement) -> {
              int last = bind(statement, settlement, MySqlNumbers.of(write, ranks.next()));
              statement.setBytes(last + 1, MySqlStatement.bytes(settlement.key().queue()));
              statement.setBytes(last + 2, MySqlStatement.bytes(settlement.key().id()));
              statement.setLong(last + 3, settlement.token());
            });
    dialect.count(work, kind.key().queue(), counts(kind, MySqlStatement.count(took)));
    return took;
  }

  private static String statement(Settlement kind) {
    if (kind instanceof Settlement.Delete) {
      return DELETE;
    } else if (kind instanceof Settlement.Move) {
      return MOVE;
    }
    return kind instanceof Settlement.Bury ? BURY : EXTEND;
  }

  private static Counts counts(Settlement kind, int many) {
    Counts counts = new Counts();
    if (!(kind instanceof Settlement.Extend)) {
      counts.add(State.LEASED, -many);
    }
    if (kind instanceof Settlement.Move) {
      counts.add(State.SCHEDULED, many);
    } else if (kind instanceof Settlement.Bury) {
      counts.add(State.BURIED, many);
    }
    return counts;
  }

  private static int bind(PreparedStatement statement, Settlement settlement, long number)
      throws SQLException {
    if (settlement instanceof Settlement.Move move) {
      statement.setLong(1, move.progress().due().toEpochMilli());
      return bind(statement, move.progress());
    } else if (settlement instanceof Settlement.Bury bury) {
      statement.setLong(1, number);
      return bind(statement, bury.progress());
    } else if (settlement instanceof Settlement.Delete) {
      return 0;
    }
    statement.setLong(1, Leases.millis(((Settlement.Extend) settlement).leaseTime()));
    return 1;
  }

  private static int bind(PreparedStatement statement, Progress progress) throws SQLException {
    statement.setLong(2, progress.scheduledFor().toEpochMilli());
    statement.setLong(3, progress.missed());
    statement.setInt(4, progress.attempts());
    statement.setString(5, Escapes.escape(progress.lastError()));
    return 5;
  }
}
