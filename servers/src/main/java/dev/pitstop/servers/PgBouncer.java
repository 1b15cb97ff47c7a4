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
public final class PgBouncer extends PrivateServer {
  private static final Set<String> POOL_MODES = Set.of("session", "transaction", "statement");

  private PgBouncer(ServerProcess process) {
    super(process, "postgresql");
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
  }
}
