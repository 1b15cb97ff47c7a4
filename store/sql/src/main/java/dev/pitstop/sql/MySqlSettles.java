package dev.pitstop.sql;

import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import dev.pitstop.sql.MySqlRows.Locked;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Settles leases and removes messages in MariaDB and MySQL. Thread-safe. */
final class MySqlSettles {
  /* A lease that was settled has leased_until = 0, so that its token settles nothing again. */
  private static final String HELD =
      " where queue = ? and id = ? and token = ? and leased_until > 0";

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
  private final MySqlRows rows;
  private final MySqlNumbers numbers;
  private final MySqlCounts counts;

  MySqlSettles(Tables tables, MySqlRows rows, MySqlNumbers numbers, MySqlCounts counts) {
    this.tables = tables;
    this.rows = rows;
    this.numbers = numbers;
    this.counts = counts;
  }

  /** Settles leases of one queue and of one kind. */
  boolean[] settle(Work work, Batch<Settlement> batch) throws SQLException {
    List<Settlement> items = batch.items();
    Settlement kind = items.get(0);
    if (kind instanceof Settlement.Delete) {
      return delete(work, kind.key().queue(), items);
    }
    long write = kind instanceof Settlement.Bury ? numbers.next(work) : 0;
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
    counts.add(work, kind.key().queue(), change(kind, MySqlStatement.count(took)));
    return took;
  }

  private boolean[] delete(Work work, String queue, List<Settlement> items) throws SQLException {
    Map<String, Locked> there =
        rows.lock(work, queue, items.stream().map(item -> item.key().id()).toList());
    boolean[] took = new boolean[items.size()];
    List<Locked> acked = new ArrayList<>(items.size());
    for (int i = 0; i < took.length; i++) {
      Settlement item = items.get(i);
      Locked row = there.get(item.key().id());
      if (row != null && row.state() == State.LEASED && row.token() == item.token()) {
        took[i] = true;
        acked.add(row);
      }
    }
    rows.remove(work, queue, acked);
    return took;
  }

  /** Removes messages of one queue; says which were there. */
  boolean[] remove(Work work, Batch<Key> batch) throws SQLException {
    String queue = batch.items().get(0).queue();
    List<String> ids = batch.items().stream().map(Key::id).toList();
    Map<String, Locked> there = rows.lock(work, queue, ids);
    rows.remove(work, queue, there.values());
    boolean[] removed = new boolean[ids.size()];
    for (int i = 0; i < removed.length; i++) {
      removed[i] = there.containsKey(ids.get(i));
    }
    return removed;
  }

  private static String statement(Settlement kind) {
    if (kind instanceof Settlement.Move) {
      return MOVE;
    }
    return kind instanceof Settlement.Bury ? BURY : EXTEND;
  }

  private static Counts change(Settlement kind, int many) {
    Counts change = new Counts();
    if (!(kind instanceof Settlement.Extend)) {
      change.add(State.LEASED, -many);
    }
    if (kind instanceof Settlement.Move) {
      change.add(State.SCHEDULED, many);
    } else if (kind instanceof Settlement.Bury) {
      change.add(State.BURIED, many);
    }
    return change;
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
