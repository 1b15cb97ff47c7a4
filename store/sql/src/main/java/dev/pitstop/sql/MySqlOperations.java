package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import dev.pitstop.spi.Key;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators ask for and do in MariaDB and MySQL. Thread-safe. */
final class MySqlOperations implements Operations {
  private static final String SELECT = "select " + Row.COLUMNS + " from pitstop_message ";

  /* Two ranges of the index, one behind the other. */
  private static final String BEHIND = " and (due > ? or (due = ? and seq > ?))";

  private static final String SEARCH =
      SELECT
          + """
          force index (primary)
          where queue = ? and id >= ? and id > ?%s
          order by id limit ?""";

  /* A message's place among equal due times is in its token still, but for the leases counted there. */
  private static final String REQUEUE =
      "update pitstop_message set due = "
          + MySql.NOW
          + ", seq = token & ~255, missed = 0, attempts = 0"
          + " where queue = ? and due is null and id = ?";

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
  private final MySqlRows rows;
  private final MySqlCounts counts;

  MySqlOperations(Tables tables, MySqlRows rows, MySqlCounts counts) {
    this.tables = tables;
    this.rows = rows;
    this.counts = counts;
  }

  private MySqlStatement statement(Work work, String sql) {
    return new MySqlStatement(work, tables.in(sql));
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
    return MySql.from(statement, after).with(limit).rows(Row::read);
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
    return counts.stats(work);
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
                    + " where queue = ? and due is null order by seq limit ?")
            .with(MySqlStatement.bytes(queue))
            .with(limit)
            .rows(result -> MySqlStatement.text(result.getBytes(1)));
    return requeue(work, queue, ids);
  }

  private int requeue(Work work, String queue, List<String> ids) throws SQLException {
    int requeued =
        MySqlStatement.count(
            MySqlStatement.each(
                work,
                tables.in(REQUEUE),
                ids,
                (statement, id) -> {
                  statement.setBytes(1, MySqlStatement.bytes(queue));
                  statement.setBytes(2, MySqlStatement.bytes(id));
                }));
    Counts change = new Counts();
    change.add(State.SCHEDULED, requeued);
    change.add(State.BURIED, -requeued);
    counts.add(work, queue, change);
    return requeued;
  }

  @Override
  public Optional<Purged> purge(Work work, String queue, String after, int limit)
      throws SQLException {
    List<String> ids = rows.behind(work, queue, after, limit);
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    Collection<MySqlRows.Locked> locked = rows.lock(work, queue, ids).values();
    rows.remove(work, queue, locked);
    return Optional.of(new Purged(locked.size(), ids.get(ids.size() - 1)));
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
            .rows(result -> MySqlRows.state(result, 1));
    if (before.isEmpty()) {
      return false;
    }
    statement(work, RESCHEDULE)
        .with(due.toEpochMilli())
        .with(due.toEpochMilli())
        .with(MySqlStatement.bytes(queue))
        .with(MySqlStatement.bytes(id))
        .update();
    Counts change = new Counts();
    change.add(before.get(0), -1);
    change.add(State.SCHEDULED, 1);
    counts.add(work, queue, change);
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
