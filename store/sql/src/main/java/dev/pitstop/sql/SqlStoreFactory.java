package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Opens {@code postgresql://USER@HOST:PORT/DATABASE}, {@code mariadb://} and {@code mysql://}, and
 * the addresses of their drivers, as {@code jdbc:postgresql://HOST/DATABASE}. Thread-safe.
 *
 * <p>Besides the options of its own an address may carry those of the driver that are listed here.
 */
public final class SqlStoreFactory implements StoreFactory {
  static final Option<String> USER =
      new Option<>("user", "text", "", "Who connects, unless the address names one.", text -> text);
  static final Option<String> PASSWORD =
      new Option<>("password", "text", "", "With which password.", text -> text);
  private static final Option<String> TABLE =
      new Option<>(
          "table",
          "text",
          Tables.DEFAULT,
          "What the names of the tables begin with, behind the name of a schema and a dot or not.",
          text -> new Tables(text).prefix());
  private static final Option<SchemaMode> SCHEMA =
      new Option<>(
          "schema",
          "create, validate or none",
          "create",
          "Whether opening makes the tables, or only looks whether they are right, or not even that.",
          SqlStoreFactory::mode);
  private static final Option<Duration> TIMEOUT =
      Option.duration(
          "timeout",
          SqlSettings.LEAST_TIMEOUT,
          "10s",
          "After how long a call fails that the database leaves unanswered.");
  private static final Option<Duration> POLL =
      Option.duration(
          "wakePoll",
          SqlSettings.LEAST_POLL,
          "1s",
          "How often a queue that is listened to is asked for its next due time, where no"
              + " notification tells what other processes store.");
  private static final Option<Boolean> NOTIFICATIONS =
      Option.flag(
          "notifications",
          "true",
          "Whether what other processes store is heard by notifications where the database has them,"
              + " which keeps a connection while anything is listened to.");
  private static final Option<Long> POOL_SIZE =
      Option.number("poolSize", 2, 1000, "10", "How many connections there are at most.");

  /** For {@code ServiceLoader}. */
  public SqlStoreFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("postgresql", "mariadb", "mysql", "jdbc");
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> options =
        new ArrayList<>(
            List.of(USER, PASSWORD, TABLE, SCHEMA, TIMEOUT, POLL, NOTIFICATIONS, POOL_SIZE));
    for (String name : JdbcAddress.driverOptions()) {
      options.add(new Option<>(name, "text", "", "As in the driver's addresses.", t -> t));
    }
    return options;
  }

  @Override
  public Store open(Address address) {
    JdbcAddress jdbc = JdbcAddress.of(address);
    SqlSettings settings =
        new SqlSettings(
            TABLE.in(address.query()),
            SCHEMA.in(address.query()),
            TIMEOUT.in(address.query()),
            POLL.in(address.query()),
            NOTIFICATIONS.in(address.query()));
    int size = POOL_SIZE.in(address.query()).intValue();
    return SqlStore.open(jdbc.pool(size, settings.timeout()), settings);
  }

  private static SchemaMode mode(String text) {
    for (SchemaMode mode : SchemaMode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw new InvalidFieldException("schema", "must be create, validate or none", text);
  }
}
