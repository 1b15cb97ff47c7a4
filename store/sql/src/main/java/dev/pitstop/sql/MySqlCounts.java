package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import java.sql.SQLException;
import java.util.List;

/** The counts of queues in MariaDB and MySQL: a row for each write. Thread-safe. */
final class MySqlCounts {
  private static final int MANY = 200;
  private static final int MOST = 20_000;

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

  private final Tables tables;
  private final MySqlNumbers numbers;

  MySqlCounts(Tables tables, MySqlNumbers numbers) {
    this.tables = tables;
    this.numbers = numbers;
  }

  private MySqlStatement statement(Work work, String sql) {
    return new MySqlStatement(work, tables.in(sql));
  }

  /** Adds how those of a queue change. */
  void add(Work work, String queue, Counts counts) throws SQLException {
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

  /** Those of all queues that hold anything or are paused. */
  List<QueueStats> stats(Work work) throws SQLException {
    return statement(work, STATS).rows(Counts::stats);
  }

  /** A row of the counts. */
  private record Count(long number, String queue, long scheduled, long leased, long buried) {}

  /** Writes sums in place of the rows, where these are many. */
  void compact(Work work) throws SQLException {
    List<Count> rows =
        statement(
                work,
                "select number, queue, scheduled, leased, buried from pitstop_count"
                    + " order by number limit ? for update skip locked")
            .with(MOST)
            .rows(
                result ->
                    new Count(
                        result.getLong(1),
                        MySqlStatement.text(result.getBytes(2)),
                        result.getLong(3),
                        result.getLong(4),
                        result.getLong(5)));
    if (rows.size() >= MANY) {
      sumUp(work, rows);
    }
  }

  private void sumUp(Work work, List<Count> rows) throws SQLException {
    numbers.delete(work, "pitstop_count", rows.stream().map(Count::number).toList());
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
      add(work, queue, sum);
    }
  }
}
