package dev.pitstop.sql;

import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a page of what a queue holds. */
record Listing(String queue, Optional<State> state, Cursor from, int limit) {
  Page<Entry> page(Dialect dialect, Work work) throws SQLException {
    List<Row> rows = new ArrayList<>();
    int wanted = limit + 1; // one more tells whether there is a next page
    boolean live = state.map(of -> of != State.BURIED).orElse(true);
    if (live && !from.buried()) {
      rows.addAll(dialect.live(work, queue, state, from.after(), wanted));
    }
    boolean buried = state.map(of -> of == State.BURIED).orElse(true);
    if (buried && rows.size() < wanted) {
      Position after = from.buried() ? from.after() : Position.START;
      rows.addAll(dialect.buried(work, queue, after, wanted - rows.size()));
    }
    List<Row> shown = rows.subList(0, Math.min(limit, rows.size()));
    return new Page<>(
        shown.stream().map(Row::entry).toList(),
        rows.size() > limit ? Optional.of(cursor(shown.get(limit - 1))) : Optional.empty());
  }

  private static String cursor(Row last) {
    return new Cursor(last.entry().state() == State.BURIED, last.position()).toString();
  }
}
