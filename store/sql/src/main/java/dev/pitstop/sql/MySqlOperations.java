package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.IdRange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators ask for and do in MariaDB and MySQL. Thread-safe. */
final class MySqlOperations implements Operations {
  private static final String SEARCH =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message force index (primary)
          where queue = ? and id >= ? and id > ?%s
          order by id limit ?""";

  /* A range of the index, read no further than its limit. */
  private static final String COUNT_DUE =
      """
      (select count(*) from (select 1 from pitstop_message force index (pitstop_due)
        where queue = ? and due >= ? and due < ? limit ?) d)""";

  /** So many windows are counted by one statement. */
  private static final int WINDOWS = 100;

  private static final String WAITING =
      """
      select due is null, leased_until > 0 from pitstop_message
      where queue = ? and id = ? and (due is null or leased_until <= %s) for update"""
          .formatted(MySql.NOW);

  /* The place of what was buried is in its token still, as for requeuing; set before due is. */
  private static final String RESCHEDULE =
      """
      update pitstop_message set seq = case when due is null then token & ~255 else seq end,
        due = ?, scheduled_for = case when schedule is null then ? else scheduled_for end,
        leased_until = 0, attempts = 0, last_error = null
      where queue = ? and id = ?""";

  private final Tables tables;
  private final MySql dialect;

  MySqlOperations(Tables tables, MySql dialect) {
    this.tables = tables;
    this.dialect = dialect;
  }

  private MySqlStatement statement(Work work, String sql) {
    return new MySqlStatement(work, tables.in(sql));
  }

  @Override
  public List<Row> search(Work work, String queue, IdRange ids, int limit) throws SQLException {
    MySqlStatement statement =
        statement(work, SEARCH.formatted(ids.end().isPresent() ? " and id < ?" : ""))
            .with(MySqlStatement.bytes(queue))
            .with(MySqlStatement.bytes(ids.first()))
            .with(MySqlStatement.bytes(ids.after()));
    ids.end().ifPresent(end -> statement.with(MySqlStatement.bytes(end)));
    return statement.with(limit).rows(Row::read);
  }

  @Override
  public List<Long> countDue(Work work, String queue, List<Window> windows, int most)
      throws SQLException {
    List<Long> counts = new ArrayList<>(windows.size());
    for (int from = 0; from < windows.size(); from += WINDOWS) {
      List<Window> some = windows.subList(from, Math.min(from + WINDOWS, windows.size()));
      counts.addAll(count(work, queue, some, most));
    }
    return counts;
  }

  private List<Long> count(Work work, String queue, List<Window> windows, int most)
      throws SQLException {
    MySqlStatement statement =
        statement(
            work, "select " + String.join(",\n", Collections.nCopies(windows.size(), COUNT_DUE)));
    for (Window window : windows) {
      statement
          .with(MySqlStatement.bytes(queue))
          .with(window.first())
          .with(window.end())
          .with(most);
    }
    return statement
        .rows(
            result -> {
              List<Long> counts = new ArrayList<>(windows.size());
              for (int column = 1; column <= windows.size(); column++) {
                counts.add(result.getLong(column));
              }
              return counts;
            })
        .get(0);
  }

  @Override
  public boolean reschedule(Work work, String queue, String id, Instant due, @Nullable String wake)
      throws SQLException {
    List<State> before =
        statement(work, WAITING)
            .with(MySqlStatement.bytes(queue))
            .with(MySqlStatement.bytes(id))
            .rows(
                result ->
                    result.getBoolean(1)
                        ? State.BURIED
                        : result.getBoolean(2) ? State.LEASED : State.SCHEDULED);
    if (before.isEmpty()) {
      return false;
    }
    statement(work, RESCHEDULE)
        .with(due.toEpochMilli())
        .with(due.toEpochMilli())
        .with(MySqlStatement.bytes(queue))
        .with(MySqlStatement.bytes(id))
        .update();
    Counts counts = new Counts();
    counts.add(before.get(0), -1);
    counts.add(State.SCHEDULED, 1);
    dialect.count(work, queue, counts);
    return true;
  }

  @Override
  public boolean pause(Work work, String queue, boolean paused) throws SQLException {
    return statement(
                work,
                paused
                    ? "insert ignore into pitstop_pause (queue) values (?)"
                    : "delete from pitstop_pause where queue = ?")
            .with(MySqlStatement.bytes(queue))
            .update()
        > 0;
  }

  @Override
  public Set<String> paused(Work work) throws SQLException {
    return Set.copyOf(
        statement(work, "select queue from pitstop_pause")
            .rows(result -> MySqlStatement.text(result.getBytes(1))));
  }
}
