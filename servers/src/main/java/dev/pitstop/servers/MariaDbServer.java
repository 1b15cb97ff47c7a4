package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A private MariaDB. Its user {@code pitstop} with the password {@code secret} may do everything.
 * Thread-safe.
 */
public final class MariaDbServer implements AutoCloseable {
  private final ServerProcess process;

  private MariaDbServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts one with empty data.
   *
   * @param settings options of mariadbd without the dashes, as {@code max-connections} to {@code
   *     500}
   * @throws IllegalStateException if it is not installed or does not start
   */
  public static MariaDbServer start(Map<String, String> settings) {
    return new MariaDbServer(ServerProcess.start(new Kind(Map.copyOf(settings))));
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public int port() {
    return process.port();
  }

  /** The address of a database, {@code mariadb://user:password@127.0.0.1:port/database}. */
  public String address(String database) {
    return "mariadb://"
        + Names.USER
        + ":"
        + Names.PASSWORD
        + "@127.0.0.1:"
        + port()
        + "/"
        + Names.check(database);
  }

  /** The JDBC address of a database, user and password included. */
  public String jdbcUrl(String database) {
    return "jdbc:mariadb://127.0.0.1:"
        + port()
        + "/"
        + Names.check(database)
        + "?user="
        + Names.USER
        + "&password="
        + Names.PASSWORD;
  }

  /**
   * Makes an empty database.
   *
   * @param name 1 to 60 of the characters {@code a-z A-Z 0-9 _ -}
   * @throws IllegalStateException if there is one of that name, or the server does not answer
   */
  public void createDatabase(String name) {
    Client.run(
        process.directory(),
        List.of("--protocol=tcp", "--host=127.0.0.1", "--port=" + port(), "--user=" + Names.USER),
        Names.PASSWORD,
        "create database `" + Names.check(name) + "`");
  }

  /** Ends it cleanly; nothing if it does not run. */
  public void stop() {
    process.stop();
  }

  /** Kills it as {@code kill -9} does; nothing if it does not run. */
  public void kill() {
    process.kill();
  }

  /** Starts it on its port and data, after it was stopped before if it runs. */
  public void restart() {
    process.restart();
  }

  /** Lets it stand still: it takes connections and does not answer. */
  public void pause() {
    process.pause();
  }

  /** Ends a pause; nothing if there is none. */
  public void resume() {
    process.resume();
  }

  /** Kills it and deletes all it has stored. */
  @Override
  public void close() {
    process.close();
  }

  /** The command-line client. */
  static final class Client {
    private Client() {}

    /** Runs one statement; what it answers, without headings. */
    static String run(Path directory, List<String> server, String password, String statement) {
      return Command.run(command(server, statement), Map.of("MYSQL_PWD", password), directory);
    }

    static List<String> command(List<String> server, String statement) {
      List<String> command = new ArrayList<>();
      command.add(Programs.find("mariadb", "mariadb-client", List.of()).toString());
      command.add("--no-defaults");
      command.addAll(server);
      command.addAll(List.of("--batch", "--skip-column-names", "--execute=" + statement));
      return command;
    }
  }

  private record Kind(Map<String, String> settings) implements ServerKind {
    private static final List<Path> SBIN = List.of(Path.of("/usr/sbin"));

    @Override
    public String name() {
      return "MariaDB";
    }

    @Override
    public Account account() {
      return Account.of("mysql");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      List<String> install =
          List.of(
              Programs.find("mariadb-install-db", "mariadb-server", List.of()).toString(),
              "--no-defaults",
              "--datadir=" + directory.resolve("data"),
              "--auth-root-authentication-method=normal",
              "--skip-test-db");
      Command.run(account().running(install), Map.of(), directory);
      Files.write(
          directory.resolve("init.sql"),
          List.of(
              "create user if not exists "
                  + Names.USER
                  + " identified by '"
                  + Names.PASSWORD
                  + "';",
              "grant all on *.* to " + Names.USER + " with grant option;"));
    }

    @Override
    public List<String> command(Path directory, int port) {
      List<String> command = new ArrayList<>();
      command.add(Programs.find("mariadbd", "mariadb-server", SBIN).toString());
      command.addAll(
          List.of(
              "--no-defaults",
              "--datadir=" + directory.resolve("data"),
              "--init-file=" + directory.resolve("init.sql"),
              "--socket=" + directory.resolve("socket"),
              "--pid-file=" + directory.resolve("pid"),
              "--bind-address=127.0.0.1",
              "--port=" + port));
      settings.forEach((name, value) -> command.add("--" + name + "=" + value));
      return command;
    }

    @Override
    public boolean answers(Path directory, int port) {
      // by its private socket: on the port another server might answer
      List<String> client =
          Client.command(
              List.of("--socket=" + directory.resolve("socket"), "--user=" + Names.USER),
              "select 1");
      return Command.attempt(
                  client, Map.of("MYSQL_PWD", Names.PASSWORD), directory, Duration.ofSeconds(5))
              .exit()
          == 0;
    }

    @Override
    public String stopSignal() {
      return "TERM";
    }
  }
}
