package dev.pitstop.sql;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes a page of what a queue holds. */
record Listing(String queue, Filter filter, Cursor from, int limit) {
  Page<Entry> page(Operations operations, Work work) throws SQLException {
    List<Row> rows = new ArrayList<>();
    int wanted = limit + 1; // one more tells whether there is a next page
    if ((filter.scheduled() || filter.leased()) && !from.buried()) {
      Window window = Window.of(filter);
      Position start = window.before();
      Position after = start.compareTo(from.after()) > 0 ? start : from.after();
      rows.addAll(operations.live(work, queue, filter.state(), after, window.end(), wanted));
    }
    if (filter.buried() && rows.size() < wanted) {
      Position after = from.buried() ? from.after() : Position.START;
      rows.addAll(operations.buried(work, queue, after, wanted - rows.size()));
    }
    return page(rows, limit, Listing::cursor);
  }

  /** A page of what lies within a range of ids. */
  static Page<Entry> search(Operations operations, Work work, String queue, IdRange ids, int limit)
      throws SQLException {
    List<Row> rows = operations.search(work, queue, ids, limit + 1);
    return page(rows, limit, last -> IdRange.cursor(last.entry().key().id()));
  }

  /**
   * A page of rows.
   *
   * @param rows one more than it may show where there is a next page
   */
  private static Page<Entry> page(List<Row> rows, int limit, Function<Row, String> cursor) {
    List<Row> shown = rows.subList(0, Math.min(limit, rows.size()));
    return new Page<>(
        shown.stream().map(Row::entry).toList(),
        rows.size() > limit ? Optional.of(cursor.apply(shown.get(limit - 1))) : Optional.empty());
  }

  private static String cursor(Row last) {
    return new Cursor(last.entry().state() == State.BURIED, last.position()).toString();
  }
}
