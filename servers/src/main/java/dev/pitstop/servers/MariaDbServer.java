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
public final class MariaDbServer extends PrivateServer {
  private MariaDbServer(ServerProcess process) {
    super(process, "mariadb");
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

  /**
   * Makes an empty database.
   *
   * @param name 1 to 60 of the characters {@code a-z A-Z 0-9 _ -}
   * @throws IllegalStateException if there is one of that name, or the server does not answer
   */
  public void createDatabase(String name) {
    client().run("create database `" + Names.check(name) + "`");
  }

  /** A client of it. */
  MariaDbClient client() {
    return MariaDbClient.at("127.0.0.1", port(), Names.USER, Names.PASSWORD);
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
  }
}
