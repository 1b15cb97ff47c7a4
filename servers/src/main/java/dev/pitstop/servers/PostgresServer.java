package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A private PostgreSQL. Its superuser is {@code pitstop} with the password {@code secret}; it syncs
 * its log unless told otherwise. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {
  private final ServerProcess process;

  private PostgresServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts one with empty data.
   *
   * @param settings of postgresql.conf, as {@code fsync} to {@code off}
   * @throws IllegalStateException if it is not installed or does not start
   */
  public static PostgresServer start(Map<String, String> settings) {
    return new PostgresServer(ServerProcess.start(new Kind(Tools.find(), Map.copyOf(settings))));
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public int port() {
    return process.port();
  }

  /** The address of a database, {@code postgresql://user:password@127.0.0.1:port/database}. */
  public String address(String database) {
    return "postgresql://"
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
    return "jdbc:postgresql://127.0.0.1:"
        + port()
        + "/"
        + Names.check(database)
        + "?user="
        + Names.USER
        + "&password="
        + Names.PASSWORD;
  }

  /**
   * Makes an empty database, owned by {@code pitstop}.
   *
   * @param name 1 to 60 of the characters {@code a-z A-Z 0-9 _ -}
   * @throws IllegalStateException if there is one of that name, or the server does not answer
   */
  public void createDatabase(String name) {
    Tools.find()
        .psql(
            process.directory(),
            address("postgres"),
            "create database \"" + Names.check(name) + "\"");
  }

  /** Ends it at once and cleanly, as its fast mode does; nothing if it does not run. */
  public void stop() {
    process.stop();
  }

  /** Kills it and all its processes as {@code kill -9} does; nothing if it does not run. */
  public void kill() {
    process.kill();
  }

  /** Starts it on its port and data, after it was stopped before if it runs. */
  public void restart() {
    process.restart();
  }

  /** Lets all its processes stand still: it takes connections and does not answer. */
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

  /** The programs of one PostgreSQL version. */
  record Tools(Path bin) {
    static Tools find() {
      List<Path> versions = Programs.versions(Path.of("/usr/lib/postgresql"), "bin");
      Path postgres = Programs.find("postgres", "postgresql", versions);
      return new Tools(postgres.resolveSibling(""));
    }

    String program(String name) {
      return bin.resolve(name).toString();
    }

    /** Runs one statement; what it answers, unaligned and without headings. */
    String psql(Path directory, String address, String statement) {
      return Command.run(psqlCommand(address, statement), Map.of(), directory);
    }

    List<String> psqlCommand(String address, String statement) {
      return List.of(
          program("psql"),
          "-X",
          "-q",
          "-A",
          "-t",
          "-w",
          "-v",
          "ON_ERROR_STOP=1",
          "-d",
          address,
          "-c",
          statement);
    }
  }

  private record Kind(Tools tools, Map<String, String> settings) implements ServerKind {
    @Override
    public String name() {
      return "PostgreSQL";
    }

    @Override
    public Account account() {
      return Account.of("postgres");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      Path password = Files.writeString(directory.resolve("password"), Names.PASSWORD);
      List<String> initdb =
          List.of(
              tools.program("initdb"),
              "--pgdata=" + directory.resolve("data"),
              "--username=" + Names.USER,
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C.UTF-8",
              "--no-sync");
      Command.run(account().running(initdb), Map.of(), directory);
      List<String> lines = new ArrayList<>();
      settings.forEach(
          (name, value) ->
              lines.add(name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'"));
      Files.write(
          directory.resolve("data").resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    }

    @Override
    public List<String> command(Path directory, int port) {
      return List.of(
          tools.program("postgres"),
          "-D",
          directory.resolve("data").toString(),
          "-p",
          Integer.toString(port),
          "-k",
          directory.toString(),
          "-h",
          "127.0.0.1");
    }

    @Override
    public boolean answers(Path directory, int port) {
      // by its private socket: on the port another server might answer
      List<String> psql =
          tools.psqlCommand(
              "host="
                  + directory
                  + " port="
                  + port
                  + " dbname=postgres user="
                  + Names.USER
                  + " password="
                  + Names.PASSWORD,
              "select 1");
      return Command.attempt(psql, Map.of(), directory, Duration.ofSeconds(5)).exit() == 0;
    }

    @Override
    public String stopSignal() {
      return "INT";
    }
  }
}
