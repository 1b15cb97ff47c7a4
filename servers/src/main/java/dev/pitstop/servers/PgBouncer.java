package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A private PgBouncer in front of a PostgreSQL: its databases are the server's, and it lets in the
 * same user. Thread-safe.
 */
public final class PgBouncer implements AutoCloseable {
  private static final Set<String> POOL_MODES = Set.of("session", "transaction", "statement");

  private final ServerProcess process;

  private PgBouncer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts one. It outlives restarts of its server, but not the server: close it first.
   *
   * @param poolMode {@code session}, {@code transaction} or {@code statement}; in the last two it
   *     keeps no prepared statements
   * @throws IllegalArgumentException if there is no such mode
   * @throws IllegalStateException if it is not installed, or does not answer within 60 s; the
   *     message has the end of its log
   */
  public static PgBouncer inFrontOf(PostgresServer server, String poolMode) {
    return new PgBouncer(ServerProcess.start(kind(server, poolMode)));
  }

  static ServerKind kind(PostgresServer server, String poolMode) {
    if (!POOL_MODES.contains(poolMode)) {
      throw new IllegalArgumentException(
          "poolMode must be session, transaction or statement, was '" + poolMode + "'");
    }
    return new Kind(server.port(), poolMode);
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public int port() {
    return process.port();
  }

  /** The address of a database, {@code postgresql://user:password@127.0.0.1:port/database}. */
  public String address(String database) {
    return Names.address("postgresql", port(), database);
  }

  /** The JDBC address of a database, user and password included. */
  public String jdbcUrl(String database) {
    return Names.jdbcUrl("postgresql", port(), database);
  }

  /** Ends it at once, its clients' connections too; nothing if it does not run. */
  public void stop() {
    process.stop();
  }

  /** Kills it as {@code kill -9} does; nothing if it does not run. */
  public void kill() {
    process.kill();
  }

  /**
   * Starts it again on its port, whether it was stopped, was killed or runs.
   *
   * @throws IllegalStateException if it does not answer within 60 s
   */
  public void restart() {
    process.restart();
  }

  /** Kills it and deletes its files. */
  @Override
  public void close() {
    process.close();
  }

  private record Kind(int serverPort, String poolMode) implements ServerKind {
    private static String program() {
      return Programs.find("pgbouncer", "pgbouncer", List.of(Path.of("/usr/sbin"))).toString();
    }

    @Override
    public String name() {
      return "PgBouncer";
    }

    @Override
    public Account account() {
      program(); // the user comes with the program, whose absence says more
      return Account.of("postgres");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      Files.writeString(
          directory.resolve("users"), "\"" + Names.USER + "\" \"" + Names.PASSWORD + "\"\n");
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
      Path settings = directory.resolve("pgbouncer.ini");
      Files.write(
          settings,
          List.of(
              "[databases]",
              "* = host=127.0.0.1 port=" + serverPort,
              "[pgbouncer]",
              "listen_addr = 127.0.0.1",
              "listen_port = " + port,
              // without the port it would listen on its socket alone and not end
              "unix_socket_dir =",
              "auth_type = scram-sha-256",
              "auth_file = " + directory.resolve("users"),
              "admin_users = " + Names.USER,
              "pool_mode = " + poolMode,
              "ignore_startup_parameters = extra_float_digits",
              // 15 s otherwise, in which a server that is back is not asked
              "server_login_retry = 1"));
      return List.of(program(), settings.toString());
    }

    @Override
    public boolean answers(Path directory, int port) {
      // its own database; the server need not run
      return new Psql("127.0.0.1", port, Names.USER, Names.PASSWORD)
          .succeeds("pgbouncer", "show version");
    }

    @Override
    public String stopSignal() {
      return "TERM";
    }

    @Override
    public String closeSignal() {
      return "KILL";
    }

    @Override
    public void freeAfterKill(Path directory) {
      // it holds nothing outside
    }
  }
}
