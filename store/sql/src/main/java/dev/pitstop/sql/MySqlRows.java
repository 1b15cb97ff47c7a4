package dev.pitstop.sql;

import dev.pitstop.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * Messages of one queue in MariaDB and MySQL, found by lists of their ids. Thread-safe.
 *
 * <p>Each row is found by its whole key. Left to themselves the databases look through the whole
 * queue for a list, or the whole table, where these are small, and then wait for rows that others
 * lock and that were not asked for.
 */
final class MySqlRows {
  /** Of longer lists the ranges of the key are no longer looked at one by one. */
  private static final int MOST_IDS = 500;

  private static final String LOCK =
      """
      select id, token, due is null, leased_until > 0 from pitstop_message force index (primary)
      where queue = ? and id in %s for update""";

  /* Who locks along a range locks, or waits for, what lies behind its end as well. */
  private static final String BEHIND =
      """
      select id from pitstop_message force index (primary)
      where queue = ? and id > ? order by id limit ?""";

  private static final String UPDATE =
      "update pitstop_message force index (primary) set %s where queue = ? and id in %s";

  /*
   * A delete takes no hint that keeps it from looking further. Joined in this order it has nothing
   * else to go by than one key after the other.
   */
  private static final String DELETE =
      """
      delete m from json_table(?, '$[*]' columns (id varchar(1024) path '$')) t
        straight_join pitstop_message m force index (primary)
      where m.queue = ? and m.id = unhex(t.id)""";

  private final Tables tables;
  private final MySqlCounts counts;

  MySqlRows(Tables tables, MySqlCounts counts) {
    this.tables = tables;
    this.counts = counts;
  }

  /**
   * A message whose row is locked.
   *
   * @param token of its last lease
   */
  record Locked(String id, long token, State state) {
    private static Locked read(ResultSet row) throws SQLException {
      return new Locked(
          MySqlStatement.text(row.getBytes(1)), row.getLong(2), MySqlRows.state(row, 3));
    }
  }

  /** Locks those of a list that are there; says by their ids what they are. */
  Map<String, Locked> lock(Work work, String queue, List<String> ids) throws SQLException {
    Map<String, Locked> locked = new HashMap<>();
    for (List<String> some : parts(ids)) {
      new MySqlStatement(work, tables.in(LOCK.formatted(MySqlStatement.list(some.size()))))
          .with(MySqlStatement.bytes(queue))
          .withIds(some)
          .rows(Locked::read)
          .forEach(row -> locked.put(row.id(), row));
    }
    return locked;
  }

  /** The ids of the first messages behind an id, which are not locked. */
  List<String> behind(Work work, String queue, String after, int limit) throws SQLException {
    return new MySqlStatement(work, tables.in(BEHIND))
        .with(MySqlStatement.bytes(queue))
        .with(MySqlStatement.bytes(after))
        .with(limit)
        .rows(row -> MySqlStatement.text(row.getBytes(1)));
  }

  /**
   * The state that two columns tell: whether there is no due time, and whether there is a lease.
   */
  static State state(ResultSet row, int column) throws SQLException {
    if (row.getBoolean(column)) {
      return State.BURIED;
    }
    return row.getBoolean(column + 1) ? State.LEASED : State.SCHEDULED;
  }

  /**
   * Updates messages.
   *
   * @param changes what is set, with a parameter for each of the values
   */
  void update(Work work, String changes, List<Long> values, String queue, List<String> ids)
      throws SQLException {
    for (List<String> some : parts(ids)) {
      MySqlStatement update =
          new MySqlStatement(
              work, tables.in(UPDATE.formatted(changes, MySqlStatement.list(some.size()))));
      values.forEach(update::with);
      update.with(MySqlStatement.bytes(queue)).withIds(some).update();
    }
  }

  /** Removes messages that are locked. */
  void remove(Work work, String queue, Collection<Locked> locked) throws SQLException {
    if (locked.isEmpty()) {
      return;
    }
    StringJoiner ids = new StringJoiner("\",\"", "[\"", "\"]");
    Counts change = new Counts();
    for (Locked row : locked) {
      ids.add(HexFormat.of().formatHex(MySqlStatement.bytes(row.id())));
      change.add(row.state(), -1);
    }
    new MySqlStatement(work, tables.in(DELETE))
        .with(ids.toString())
        .with(MySqlStatement.bytes(queue))
        .update();
    counts.add(work, queue, change);
  }

  private static List<List<String>> parts(List<String> ids) {
    return IntStream.iterate(0, first -> first < ids.size(), first -> first + MOST_IDS)
        .mapToObj(first -> ids.subList(first, Math.min(first + MOST_IDS, ids.size())))
        .toList();
  }
}
