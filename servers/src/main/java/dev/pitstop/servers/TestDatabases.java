package dev.pitstop.servers;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
      return External.parse("PITSTOP_TEST_POSTGRESQL", external.get()).createPostgres(name);
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
      return External.parse("PITSTOP_TEST_MARIADB", external.get()).createMariaDb(name);
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
        .map(address -> External.parse("PITSTOP_TEST_MYSQL", address).createMariaDb(freshName()));
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

  /** A server of the caller's. */
  private record External(String variable, URI uri, String user, String password) {
    static External parse(String variable, String address) {
      URI uri;
      try {
        uri = new URI(address);
      } catch (java.net.URISyntaxException e) {
        throw wrong(variable);
      }
      String login = uri.getRawUserInfo();
      if (uri.getHost() == null || login == null || uri.getRawPath().length() < 2) {
        throw wrong(variable);
      }
      int colon = login.indexOf(':');
      String user = colon < 0 ? login : login.substring(0, colon);
      return new External(
          variable, uri, decode(user), decode(colon < 0 ? "" : login.substring(colon + 1)));
    }

    /** Without the address itself, which has a password. */
    private static IllegalStateException wrong(String variable) {
      return new IllegalStateException(
          variable + " must be an address like postgresql://user:password@host:port/database");
    }

    private static String decode(String text) {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    String createPostgres(String name) {
      try {
        PostgresServer.Tools.find()
            .psql(Path.of("/"), uri.toString(), "create database \"" + name + "\"");
      } catch (IllegalStateException e) {
        throw refused("alter role " + user + " createdb", e);
      }
      return address(name);
    }

    String createMariaDb(String name) {
      int port = uri.getPort() < 0 ? 3306 : uri.getPort();
      List<String> server =
          List.of("--protocol=tcp", "--host=" + uri.getHost(), "--port=" + port, "--user=" + user);
      try {
        MariaDbServer.Client.run(Path.of("/"), server, password, "create database `" + name + "`");
      } catch (IllegalStateException e) {
        throw refused("grant all on `pitstop\\_test\\_%`.* to '" + user + "'", e);
      }
      return address(name);
    }

    private IllegalStateException refused(String cure, IllegalStateException e) {
      return new IllegalStateException(
          "cannot make a database on the server of "
              + variable
              + ", whose user must be allowed to ("
              + cure
              + ")",
          e);
    }

    private String address(String name) {
      String text = uri.toString();
      String path = uri.getRawPath();
      int at = text.indexOf(path, text.indexOf('@'));
      return text.substring(0, at) + "/" + name + text.substring(at + path.length());
    }
  }
}
