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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

  private static final String LEASE =
      "update pitstop_message set leased_until = ?, token = %s, attempts = attempts + 1"
          + " where queue = ? and id in ";

  private static final String HELD =
      " from pitstop_message where queue = ? and id in %1$s and (id, token) in (%2$s)"
          + " and leased_until > 0";

  private static final String MOVE =
      """
      update pitstop_message set leased_until = 0, due = ?, scheduled_for = ?, missed = ?,
        attempts = ?, last_error = ? where queue = ? and id = ?""";

  private static final String BURY =
      """
      update pitstop_message set leased_until = 0, due = null, seq = ?, scheduled_for = ?,
        missed = ?, attempts = ?, last_error = ? where queue = ? and id = ?""";

  private static final String EXTEND =
      "update pitstop_message set leased_until = least(%d, ? + %s) where queue = ? and id = ?"
          .formatted(Schedule.LAST.toEpochMilli(), MySql.NOW);

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
    new MySqlStatement(work, tables.in(LEASE.formatted(token)) + MySqlStatement.list(ids.size()))
        .with(until)
        .with(MySqlStatement.bytes(queue))
        .withIds(ids)
        .update();
  }

  /** Settles leases of one queue and of one kind. */
  boolean[] settle(Work work, Batch<Settlement> batch) throws SQLException {
    List<Settlement> items = batch.items();
    String queue = items.get(0).key().queue();
    boolean deletes = items.get(0) instanceof Settlement.Delete;
    Set<String> held = held(work, queue, items, deletes);
    if (deletes) {
      if (!dialect.canReturn() && !held.isEmpty()) {
        new MySqlStatement(
                work,
                tables.in(
                    "delete from pitstop_message where queue = ? and id in "
                        + MySqlStatement.list(held.size())))
            .with(MySqlStatement.bytes(queue))
            .withIds(held)
            .update();
      }
    } else if (!held.isEmpty()) {
      update(work, batch, held);
    }
    dialect.count(work, queue, counts(items.get(0), held.size()));
    boolean[] took = new boolean[items.size()];
    for (int i = 0; i < took.length; i++) {
      took[i] = held.contains(items.get(i).key().id());
    }
    return took;
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

  /** The ids whose leases are held still, locked; where it can be done at once, deleted as well. */
  private Set<String> held(Work work, String queue, List<Settlement> items, boolean delete)
      throws SQLException {
    String which =
        HELD.formatted(
            MySqlStatement.list(items.size()),
            String.join(", ", Collections.nCopies(items.size(), "(?, ?)")));
    String sql =
        delete && dialect.canReturn()
            ? "delete" + which + " returning id"
            : "select id" + which + " for update";
    MySqlStatement statement =
        new MySqlStatement(work, tables.in(sql)).with(MySqlStatement.bytes(queue));
    statement.withIds(items.stream().map(item -> item.key().id()).toList());
    for (Settlement item : items) {
      statement.with(MySqlStatement.bytes(item.key().id())).with(item.token());
    }
    return new HashSet<>(statement.rows(result -> MySqlStatement.text(result.getBytes(1))));
  }

  private void update(Work work, Batch<Settlement> batch, Set<String> held) throws SQLException {
    Settlement kind = batch.items().get(0);
    int[] ranks = batch.ranks();
    long write = kind instanceof Settlement.Bury ? dialect.numbers().next(work) : 0;
    String sql =
        kind instanceof Settlement.Move ? MOVE : kind instanceof Settlement.Bury ? BURY : EXTEND;
    try (PreparedStatement statement = work.connection().prepareStatement(tables.in(sql))) {
      for (int i = 0; i < batch.size(); i++) {
        Settlement settlement = batch.items().get(i);
        if (held.contains(settlement.key().id())) {
          int last = bind(statement, settlement, MySqlNumbers.of(write, ranks[i]));
          statement.setBytes(last + 1, MySqlStatement.bytes(settlement.key().queue()));
          statement.setBytes(last + 2, MySqlStatement.bytes(settlement.key().id()));
          statement.addBatch();
        }
      }
      statement.executeBatch();
    }
  }

  private static int bind(PreparedStatement statement, Settlement settlement, long number)
      throws SQLException {
    if (settlement instanceof Settlement.Move move) {
      statement.setLong(1, move.progress().due().toEpochMilli());
      return bind(statement, move.progress());
    } else if (settlement instanceof Settlement.Bury bury) {
      statement.setLong(1, number);
      return bind(statement, bury.progress());
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
