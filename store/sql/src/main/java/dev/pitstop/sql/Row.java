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
import org.jspecify.annotations.Nullable;

/**
 * A message as its row says.
 *
 * @param position where it stands: by due time, or when buried by the order of burials
 * @param token of its last lease
 */
record Row(Entry entry, Position position, long token) {
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
    Payload payload =
        new Payload(
            result.getBytes(14), result.getString(10), HeaderText.read(result.getString(11)));
    String schedule = Escapes.unescape(result.getString(12));
    State state = state(buried, lease);
    return new Row(new Entry(key, payload, schedule, state, progress, lease), position, token);
  }

  /** This row under a lease. */
  Row leasedBy(Lease lease) {
    return new Row(entry.leasedBy(lease), position, lease.token());
  }

  private static State state(boolean buried, @Nullable Lease lease) {
    if (buried) {
      return State.BURIED;
    }
    return lease == null ? State.SCHEDULED : State.LEASED;
  }
}
