package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line in a process of its own, as its users run it. */
final class Child implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  /** What a process that has ended said. */
  record Result(int exit, List<String> out, String err) {
    /** The lines of output as JSON. */
    List<JsonNode> json() {
      return out.stream().map(line -> JsonMapper.shared().readTree(line)).toList();
    }
  }

  private final Process process;
  private final Path err;
  private final BufferedReader out;

  private Child(Process process, Path err) {
    this.process = process;
    this.err = err;
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Runs a command to its end. */
  static Result run(Path store, String input, String... args) {
    try (Child child = start(store, args)) {
      Thread writer =
          new Thread(
              () -> {
                child.write(input);
                child.endInput();
              });
      writer.start();
      return child.result();
    }
  }

  /** Starts a command that works on the store in a directory. */
  static Child start(Path store, String... args) {
    return start(store, null, args);
  }

  /** Starts a command whose output goes to a file. */
  static Child start(Path store, @Nullable Path output, String... args) {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path")));
      if (Runtime.version().feature() >= 24) {
        command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest says
      }
      command.add("dev.pitstop.cli.Main");
      command.addAll(List.of(args));
      Path err = Files.createTempFile("pitstop-test", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().put("PITSTOP_STORE", "rocksdb:" + store);
      if (output != null) {
        builder.redirectOutput(output.toFile());
      }
      return new Child(builder.start(), err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes to its input; stops quietly when it has ended. */
  void write(String input) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(input.getBytes(UTF_8));
      in.flush();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Its next line of output, waited for. */
  String line() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the output has ended; " + Files.readString(err));
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has said something to standard error. */
  void awaitErr(String text) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!Files.readString(err).contains(text)) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new AssertionError("it has not said " + text + " but " + Files.readString(err));
        }
        LockSupport.parkNanos(20_000_000); // nobody tells when a file has grown
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads no more of its output, as head does. */
  void closeOutput() {
    try {
      process.getInputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends SIGTERM; its output can still be read. */
  void terminate() {
    process.toHandle().destroy();
  }

  /** Sends SIGKILL, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    exit();
  }

  /** The rest of what it says, once it has ended. */
  Result result() {
    try {
      List<String> rest = out.lines().toList();
      return new Result(exit(), rest, Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it says to standard error and its exit code, its output not looked at. */
  Result ended() {
    try {
      return new Result(exit(), List.of(), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int exit() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + PATIENCE_SECONDS + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Files.deleteIfExists(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
