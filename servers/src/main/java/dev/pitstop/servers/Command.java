package dev.pitstop.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Programs that run to their end. Thread-safe. */
final class Command {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Command() {}

  /** How a program ended, and what it wrote to both of its outputs. */
  record Result(int exit, String output) {}

  /**
   * A program to be started, which the caller's settings for PostgreSQL, MariaDB and languages do
   * not reach. It is started in a directory that every account may enter.
   */
  static ProcessBuilder prepare(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File("/"));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(PG|MYSQL_|MARIADB_|LC_).*"));
    environment.put("LC_ALL", "C.UTF-8");
    return builder.redirectErrorStream(true);
  }

  /**
   * Runs one.
   *
   * @return what it wrote
   * @throws IllegalStateException if it does not end with 0 within 60 s
   */
  static String run(List<String> command, Map<String, String> environment) {
    Result result = attempt(command, environment, LIMIT);
    if (result.exit() != 0) {
      // without its arguments, which may be secret
      throw new IllegalStateException(
          command.get(0) + " ended with " + result.exit() + ": " + result.output().strip());
    }
    return result.output();
  }

  /**
   * Runs one that may fail. It is killed when it takes longer than it may.
   *
   * @throws IllegalStateException if it cannot be started
   */
  static Result attempt(List<String> command, Map<String, String> environment, Duration limit) {
    ProcessBuilder builder = prepare(command);
    builder.environment().putAll(environment);
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + command.get(0), e);
    }
    CompletableFuture<Void> killing =
        CompletableFuture.runAsync(
            () -> kill(process),
            CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.onExit().join().exitValue();
      boolean inTime = killing.cancel(false);
      return new Result(exit, inTime ? output : output + "\nkilled after " + limit);
    } catch (IOException e) {
      kill(process);
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a program and those it has started, which hold its output open. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
