package dev.pitstop.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code pitstop serve} as users run it, within the heap that the command gives it, on an
 * embedded store in a directory of its own. Used by one thread.
 */
final class ServerProcess implements AutoCloseable {
  private static final String COMMAND = "bin/pitstop";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final int port;

  private ServerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** One that is told no more than where its data is. */
  static ServerProcess start(Path directory) throws IOException {
    return start(directory, "");
  }

  /**
   * One that takes requests.
   *
   * @param configuration what its configuration file says, YAML
   */
  static ServerProcess start(Path directory, String configuration) throws IOException {
    Path file = Files.writeString(directory.resolve("pitstop.yml"), configuration);
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                COMMAND,
                "serve",
                "--store",
                "rocksdb:" + directory.resolve("data"),
                "--port",
                "0",
                "--config",
                file.toString()));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PITSTOP_") && !name.equals("PITSTOP_JAVA_OPTS"));
    builder.environment().put("PITSTOP_LOG_LEVEL", "warn");
    Process process = builder.redirectError(Redirect.INHERIT).start();
    try {
      return new ServerProcess(process, servedAt(process).getPort());
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where it says that it takes requests; options for its Java may have had more said before. */
  private static URI servedAt(Process process) {
    return process
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(" is served at "))
        .map(line -> URI.create(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("pitstop serve did not start"));
  }

  /** How much of the processors it has taken so far, in seconds. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  int port() {
    return port;
  }

  /** The bytes of what lives on its heap, after a collection. */
  long liveHeap() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram")
            .redirectError(Redirect.INHERIT)
            .start();
    String histogram = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      throw new IllegalStateException("jcmd failed: " + histogram);
    }
    String total = histogram.substring(histogram.lastIndexOf("Total")).strip();
    return Long.parseLong(total.split("\\s+", -1)[2]);
  }

  /** Tells it to end, and waits until it has; one that does not is killed. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } finally {
      process.destroyForcibly();
    }
  }
}
