package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A private PostgreSQL. Its superuser is {@code pitstop} with the password {@code secret}; it syncs
 * what it commits unless told otherwise. Thread-safe.
 */
public final class PostgresServer extends PrivateServer {
  private PostgresServer(ServerProcess process) {
    super(process, "postgresql");
  }

  /**
   * Starts one with empty data.
   *
   * @param settings of postgresql.conf, as {@code fsync} to {@code off}
   * @throws IllegalStateException if it is not installed, or does not answer within 60 s; the
   *     message has the end of its log
   */
  public static PostgresServer start(Map<String, String> settings) {
    return new PostgresServer(ServerProcess.start(kind(settings)));
  }

  /**
   * Starts a copy of a server that follows it, asynchronously, and answers what only reads. It
   * follows when this returns, and has the settings of its primary.
   *
   * @throws IllegalStateException if the primary does not run, or the standby does not answer
   *     within 60 s
   */
  public static PostgresServer standbyOf(PostgresServer primary) {
    ServerProcess process = ServerProcess.start(new Kind(data -> copy(primary, data)));
    PostgresServer standby = new PostgresServer(process);
    try {
      String receiving = "select status from pg_stat_wal_receiver";
      process.await("follow", () -> standby.psql().run("postgres", receiving).equals("streaming"));
    } catch (IllegalStateException e) {
      standby.close();
      throw e;
    }
    return standby;
  }

  static ServerKind kind(Map<String, String> settings) {
    Map<String, String> kept = Map.copyOf(settings);
    kept.forEach(Setting::check);
    return new Kind(data -> initialise(kept, data));
  }

  /**
   * Makes a standby a primary; it takes writes when this returns.
   *
   * @throws IllegalStateException if it is none, or is not promoted within 50 s
   */
  public void promote() {
    if (!psql().run("postgres", "select pg_promote(true, 50)").equals("t")) {
      throw new IllegalStateException(
          "PostgreSQL on port " + port() + " was not promoted within 50 s");
    }
  }

  /**
   * Makes an empty database, owned by {@code pitstop}.
   *
   * @param name 1 to 60 of the characters {@code a-z A-Z 0-9 _ -}
   * @throws IllegalStateException if there is one of that name, or the server does not answer
   */
  public void createDatabase(String name) {
    psql().run("postgres", "create database \"" + Names.check(name) + "\"");
  }

  /** A client of it. */
  Psql psql() {
    return new Psql("127.0.0.1", port(), Names.USER, Names.PASSWORD);
  }

  private static Account account() {
    Psql.program("postgres"); // the user comes with the program, whose absence says more
    return Account.of("postgres");
  }

  private static void initialise(Map<String, String> settings, Path data) throws IOException {
    Path password = Files.writeString(data.resolveSibling("password"), Names.PASSWORD);
    List<String> initdb =
        List.of(
            Psql.program("initdb"),
            "--pgdata=" + data,
            "--username=" + Names.USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync");
    Command.run(account().running(initdb), Map.of());
    List<String> lines = new ArrayList<>();
    settings.forEach((name, value) -> lines.add(Setting.line(name, value)));
    Files.write(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
  }

  private static void copy(PostgresServer primary, Path data) {
    List<String> basebackup =
        List.of(
            Psql.program("pg_basebackup"),
            "--pgdata=" + data,
            "--host=127.0.0.1",
            "--port=" + primary.port(),
            "--username=" + Names.USER,
            "--no-password",
            "--checkpoint=fast",
            "--wal-method=stream",
            "--write-recovery-conf",
            "--no-sync");
    Command.run(account().running(basebackup), Map.of("PGPASSWORD", Names.PASSWORD));
  }

  /** Lines of postgresql.conf. */
  private static final class Setting {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

    static void check(String name, String value) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("setting must be a name, was '" + name + "'");
      }
      if (value.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(name + " must be one line, was '" + value + "'");
      }
    }

    static String line(String name, String value) {
      return name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
  }

  /** What fills the data directory before the first start. */
  private interface Data {
    void make(Path data) throws IOException;
  }

  private record Kind(Data data) implements ServerKind {
    @Override
    public String name() {
      return "PostgreSQL";
    }

    @Override
    public Account account() {
      return PostgresServer.account();
    }

    @Override
    public void prepare(Path directory) throws IOException {
      data.make(directory.resolve("data"));
    }

    @Override
    public List<String> command(Path directory, int port) {
      return List.of(
          Psql.program("postgres"),
          "-D",
          directory.resolve("data").toString(),
          "-h",
          "127.0.0.1",
          "-p",
          Integer.toString(port),
          "-k",
          directory.toString());
    }

    @Override
    public boolean answers(Path directory, int port) {
      // by its private socket: on the port another server might answer
      Psql psql = new Psql(directory.toString(), port, Names.USER, Names.PASSWORD);
      return psql.succeeds("postgres", "select 1");
    }

    @Override
    public String stopSignal() {
      return "INT";
    }

    @Override
    public String closeSignal() {
      return "QUIT"; // its shared memory would outlive a KILL
    }

    /*
     * Its shared memory stays when it is killed, and is freed by the next that runs on its data. A
     * single-user server that is told to be a standby does so and then refuses, before it recovers
     * anything.
     */
    @Override
    public void freeAfterKill(Path directory) throws IOException {
      Path data = directory.resolve("data");
      Files.writeString(data.resolve("standby.signal"), "");
      List<String> single =
          List.of(Psql.program("postgres"), "--single", "-D", data.toString(), "postgres");
      Command.attempt(account().running(single), Map.of(), Duration.ofSeconds(30));
    }
  }
}
