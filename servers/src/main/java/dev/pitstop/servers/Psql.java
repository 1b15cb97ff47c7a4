package dev.pitstop.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL's command-line client for one server.
 *
 * @param host its name, or the directory of its socket
 */
record Psql(String host, int port, String user, String password) {
  private static final Duration PROBE = Duration.ofSeconds(2);

  /** The programs of the newest version that is installed, by name. */
  static String program(String name) {
    List<Path> versions = Programs.versions(Path.of("/usr/lib/postgresql"), "bin");
    Path postgres = Programs.find("postgres", "postgresql", versions);
    return postgres.resolveSibling(name).toString();
  }

  /**
   * Runs statements, each committed by itself.
   *
   * @return what they answer: a line for each row, columns parted by {@code |}
   * @throws IllegalStateException if one fails or they take more than 60 s
   */
  String run(String database, String... statements) {
    return Command.run(command(database, statements), environment()).strip();
  }

  /** Whether a statement succeeds within 2 s. */
  boolean succeeds(String database, String statement) {
    return Command.attempt(command(database, statement), environment(), PROBE).exit() == 0;
  }

  private List<String> command(String database, String... statements) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program("psql"), "-X", "-q", "-A", "-t", "-w"));
    command.addAll(List.of("-v", "ON_ERROR_STOP=1", "-h", host, "-p", Integer.toString(port)));
    command.addAll(List.of("-U", user, "-d", database));
    for (String statement : statements) {
      command.addAll(List.of("-c", statement));
    }
    return command;
  }

  private Map<String, String> environment() {
    return Map.of("PGPASSWORD", password);
  }
}
