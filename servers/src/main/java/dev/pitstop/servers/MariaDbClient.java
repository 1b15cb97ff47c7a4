package dev.pitstop.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * MariaDB's command-line client for one server.
 *
 * @param server the options that say where it is
 */
record MariaDbClient(List<String> server, String user, String password) {
  private static final Duration PROBE = Duration.ofSeconds(2);

  /** For a server by host and port. */
  static MariaDbClient at(String host, int port, String user, String password) {
    return new MariaDbClient(
        List.of("--protocol=tcp", "--host=" + host, "--port=" + port), user, password);
  }

  /** For a server by its socket. */
  static MariaDbClient at(Path socket, String user, String password) {
    return new MariaDbClient(List.of("--socket=" + socket), user, password);
  }

  /**
   * Runs a statement, or several parted by semicolons.
   *
   * @return what it answers: a line for each row, columns parted by tabs
   * @throws IllegalStateException if it fails or takes more than 60 s
   */
  String run(String statement) {
    return Command.run(command(statement), environment()).strip();
  }

  /** Whether a statement succeeds within 2 s. */
  boolean succeeds(String statement) {
    return Command.attempt(command(statement), environment(), PROBE).exit() == 0;
  }

  private List<String> command(String statement) {
    List<String> command = new ArrayList<>();
    command.add(Programs.find("mariadb", "mariadb-client", List.of()).toString());
    command.add("--no-defaults");
    command.addAll(server);
    command.addAll(List.of("--user=" + user, "--batch", "--skip-column-names"));
    command.add("--execute=" + statement);
    return command;
  }

  private Map<String, String> environment() {
    return Map.of("MYSQL_PWD", password);
  }
}
