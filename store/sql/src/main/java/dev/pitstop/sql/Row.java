package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as its row says.
 *
 * @param position where it stands: by due time, or when buried by the order of burials
 * @param token of its last lease
 * @param damage why the entry is without what could not be read; null where all could
 */
record Row(Entry entry, Position position, long token, @Nullable String damage) {
  /** What {@link #read} reads, in its order. */
  static final String COLUMNS =
      "queue, id, due, seq, scheduled_for, leased_until, token, missed, attempts,"
          + " content_type, headers, schedule, last_error, body";

  /** The row that a result stands at, whose columns are {@link #COLUMNS}. */
  static Row read(ResultSet result) throws SQLException {
    Key key = new Key(result.getString(1), result.getString(2));
    long due = result.getLong(3);
    boolean buried = result.wasNull();
    Position position = new Position(due, result.getLong(4));
    Instant scheduledFor = Instant.ofEpochMilli(result.getLong(5));
    long leasedUntil = result.getLong(6);
    long token = result.getLong(7);
    Lease lease =
        leasedUntil == 0 || buried ? null : new Lease(token, Instant.ofEpochMilli(leasedUntil));
    Progress progress =
        new Progress(
            buried ? scheduledFor : Instant.ofEpochMilli(due),
            scheduledFor,
            result.getLong(8),
            result.getInt(9),
            Escapes.unescape(result.getString(13)));
    Map<String, String> headers = Map.of();
    String damage = null;
    try {
      headers = HeaderText.read(result.getString(11));
    } catch (HeaderText.NoHeadersException e) {
      damage = e.getMessage();
    }
    Payload payload = new Payload(result.getBytes(14), result.getString(10), headers);
    String schedule = Escapes.unescape(result.getString(12));
    State state = state(buried, lease);
    Entry entry = new Entry(key, payload, schedule, state, progress, lease);
    return new Row(entry, position, token, damage);
  }

  /** This row under a lease. */
  Row leasedBy(Lease lease) {
    return new Row(entry.leasedBy(lease), position, lease.token(), damage);
  }

  private static State state(boolean buried, @Nullable Lease lease) {
    if (buried) {
      return State.BURIED;
    }
    return lease == null ? State.SCHEDULED : State.LEASED;
  }
}
