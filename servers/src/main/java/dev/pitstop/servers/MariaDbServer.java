package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * @throws IllegalStateException if it is not installed, or does not answer within 60 s; the
   *     message has the end of its log
   */
  public static MariaDbServer start(Map<String, String> settings) {
    return new MariaDbServer(ServerProcess.start(kind(settings)));
  }

  static ServerKind kind(Map<String, String> settings) {
    return new Kind(Map.copyOf(settings));
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public int port() {
    return process.port();
  }

  /** The address of a database, {@code mariadb://user:password@127.0.0.1:port/database}. */
  public String address(String database) {
    return Names.address("mariadb", port(), database);
  }

  /** The JDBC address of a database, user and password included. */
  public String jdbcUrl(String database) {
    return Names.jdbcUrl("mariadb", port(), database);
  }

  /**
   * Makes an empty database.
   *
   * @param name 1 to 60 of the characters {@code a-z A-Z 0-9 _ -}
   * @throws IllegalStateException if there is one of that name, or the server does not answer
   */
  public void createDatabase(String name) {
    client().run("create database `" + Names.check(name) + "`");
  }

  /** Ends it cleanly; nothing if it does not run. */
  public void stop() {
    process.stop();
  }

  /** Kills it as {@code kill -9} does; nothing if it does not run. */
  public void kill() {
    process.kill();
  }

  /**
   * Starts it again on its port and data, whether it was stopped, was killed or runs.
   *
   * @throws IllegalStateException if it does not answer within 60 s
   */
  public void restart() {
    process.restart();
  }

  /**
   * Lets it stand still: connections are taken, nothing is answered.
   *
   * @throws IllegalStateException if it does not run
   */
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

  /** A client of it. */
  MariaDbClient client() {
    return MariaDbClient.at("127.0.0.1", port(), Names.USER, Names.PASSWORD);
  }

  Path directory() {
    return process.directory();
  }

  private record Kind(Map<String, String> settings) implements ServerKind {
    private static final List<Path> SBIN = List.of(Path.of("/usr/sbin"));

    private static String program() {
      return Programs.find("mariadbd", "mariadb-server", SBIN).toString();
    }

    @Override
    public String name() {
      return "MariaDB";
    }

    @Override
    public Account account() {
      program(); // the user comes with the program, whose absence says more
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
      Command.run(account().running(install), Map.of());
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
      command.add(program());
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
      MariaDbClient client =
          MariaDbClient.at(directory.resolve("socket"), Names.USER, Names.PASSWORD);
      return client.succeeds("select 1");
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
