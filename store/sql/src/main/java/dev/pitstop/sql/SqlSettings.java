package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a store on the application's own data source is set. Immutable; each method returns a changed
 * copy, and what is out of bounds is refused with {@link InvalidFieldException}.
 *
 * @param table the prefix of the tables' names, behind the name of a schema and a dot or not;
 *     default {@code pitstop}, which makes {@code pitstop_message} and its like
 * @param schema what opening does about the tables; default {@link SchemaMode#CREATE}
 * @param timeout after how long a call fails that the database leaves unanswered; at least 100 ms,
 *     default 10 s
 * @param wakePoll how often a queue that is listened to is asked for its next due time where no
 *     notification tells what other processes store; at least 10 ms, default 1 s
 * @param notifications whether what other processes store is heard by notifications where the
 *     database has them, which keeps a connection while anything is listened to; default true
 */
public record SqlSettings(
    String table, SchemaMode schema, Duration timeout, Duration wakePoll, boolean notifications) {
  static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
  static final Duration LEAST_POLL = Duration.ofMillis(10);

  /** Refuses what is out of bounds. */
  public SqlSettings {
    new Tables(table);
    Objects.requireNonNull(schema, "schema");
    atLeast("timeout", timeout, LEAST_TIMEOUT);
    atLeast("wakePoll", wakePoll, LEAST_POLL);
  }

  /** The defaults. */
  public static SqlSettings defaults() {
    return new SqlSettings(
        Tables.DEFAULT, SchemaMode.CREATE, Duration.ofSeconds(10), Duration.ofSeconds(1), true);
  }

  /** With another prefix of the tables' names. */
  public SqlSettings table(String table) {
    return new SqlSettings(table, schema, timeout, wakePoll, notifications);
  }

  /** With something else done about the tables. */
  public SqlSettings schema(SchemaMode schema) {
    return new SqlSettings(table, schema, timeout, wakePoll, notifications);
  }

  /** With another timeout. */
  public SqlSettings timeout(Duration timeout) {
    return new SqlSettings(table, schema, timeout, wakePoll, notifications);
  }

  /** With another interval of asking. */
  public SqlSettings wakePoll(Duration wakePoll) {
    return new SqlSettings(table, schema, timeout, wakePoll, notifications);
  }

  /** With notifications heard or not. */
  public SqlSettings notifications(boolean notifications) {
    return new SqlSettings(table, schema, timeout, wakePoll, notifications);
  }

  private static void atLeast(String field, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new InvalidFieldException(field, "must be at least " + least, value);
    }
  }
}
