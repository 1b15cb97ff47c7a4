package dev.pitstop.servers;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Empty databases for tests, each nobody else's. They are on one server of each kind that is
 * started at first use and ends with the JVM, or on a server of the caller's where an environment
 * variable names one; there they stay. The servers started here do not sync, so what must outlive a
 * crash of the machine is not for them. Thread-safe.
 */
public final class TestDatabases {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static @Nullable PostgresServer postgres;
  private static @Nullable MariaDbServer mariaDb;

  private TestDatabases() {}

  /**
   * The server to use in place of a started one.
   *
   * @param variable {@code PITSTOP_TEST_POSTGRESQL}, {@code PITSTOP_TEST_MARIADB} or {@code
   *     PITSTOP_TEST_MYSQL}
   * @return its address, as {@code postgresql://user:password@host:port/database}; nothing if the
   *     variable is not set
   */
  public static Optional<String> external(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(address -> !address.isBlank());
  }

  /**
   * The address of an empty PostgreSQL database.
   *
   * @throws IllegalStateException if there is no server, or its user may not make databases
   */
  public static String freshPostgres() {
    String name = freshName();
    Optional<String> external = external("PITSTOP_TEST_POSTGRESQL");
    if (external.isPresent()) {
      return ExternalServer.parse("PITSTOP_TEST_POSTGRESQL", external.get()).createPostgres(name);
    }
    PostgresServer server = postgres();
    server.createDatabase(name);
    return server.address(name);
  }

  /**
   * The address of an empty MariaDB database.
   *
   * @throws IllegalStateException if there is no server, or its user may not make databases
   */
  public static String freshMariaDb() {
    String name = freshName();
    Optional<String> external = external("PITSTOP_TEST_MARIADB");
    if (external.isPresent()) {
      return ExternalServer.parse("PITSTOP_TEST_MARIADB", external.get()).createMariaDb(name);
    }
    MariaDbServer server = mariaDb();
    server.createDatabase(name);
    return server.address(name);
  }

  /**
   * The address of an empty MySQL database; nothing unless {@code PITSTOP_TEST_MYSQL} names a
   * server, since Debian has none to start.
   *
   * @throws IllegalStateException if its user may not make databases
   */
  public static Optional<String> freshMySql() {
    return external("PITSTOP_TEST_MYSQL")
        .map(
            address ->
                ExternalServer.parse("PITSTOP_TEST_MYSQL", address).createMariaDb(freshName()));
  }

  /** Unlike any other's, on an external server too, on which those of earlier runs stay. */
  private static String freshName() {
    return "pitstop_test_"
        + Long.toString(System.currentTimeMillis(), 36)
        + "_"
        + ProcessHandle.current().pid()
        + "_"
        + COUNT.incrementAndGet();
  }

  private static synchronized PostgresServer postgres() {
    if (postgres == null) {
      postgres = PostgresServer.start(Map.of("fsync", "off", "max_connections", "300"));
    }
    return postgres;
  }

  private static synchronized MariaDbServer mariaDb() {
    if (mariaDb == null) {
      mariaDb =
          MariaDbServer.start(
              Map.of("innodb-flush-log-at-trx-commit", "2", "max-connections", "300"));
    }
    return mariaDb;
  }
}
