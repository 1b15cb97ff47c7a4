package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Leases messages in MariaDB and MySQL. Thread-safe. */
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

  private static final String LEASE = "leased_until = ?, token = %s, attempts = attempts + 1";

  private final Tables tables;
  private final MySqlRows rows;
  private final MySqlNumbers numbers;
  private final MySqlCounts counts;

  MySqlLeases(Tables tables, MySqlRows rows, MySqlNumbers numbers, MySqlCounts counts) {
    this.tables = tables;
    this.rows = rows;
    this.numbers = numbers;
    this.counts = counts;
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
    Counts change = new Counts();
    for (Due due : found) {
      Entry entry = due.row().entry();
      change.add(entry.state(), -1);
      change.add(State.LEASED, 1);
      long token = token(work, due.row(), until, queue);
      if (token == due.row().token() + 1) {
        ids.add(entry.key().id());
      }
      leased.add(due.row().leasedBy(new Lease(token, Instant.ofEpochMilli(until))));
    }
    if (!ids.isEmpty()) {
      rows.update(work, LEASE.formatted("token + 1"), List.of(until), queue, ids);
    }
    counts.add(work, queue, change);
    return leased;
  }

  /** The token of a lease; one whose count of leases is used up is written here. */
  private long token(Work work, Row row, long until, String queue) throws SQLException {
    if (MySqlNumbers.leases(row.token() + 1) != 0) {
      return row.token() + 1;
    }
    long fresh = numbers.next(work);
    rows.update(
        work, LEASE.formatted("?"), List.of(until, fresh), queue, List.of(row.entry().key().id()));
    return fresh;
  }
}
