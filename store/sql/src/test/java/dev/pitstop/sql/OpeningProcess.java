package dev.pitstop.sql;

import dev.pitstop.Codec;
import dev.pitstop.Pitstop;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A process of its own that opens a store when it is told to, stores a message and ends. It writes
 * {@code ready}, awaits a byte, and writes {@code stored} at the end.
 */
final class OpeningProcess {
  private OpeningProcess() {}

  /** Starts one for the address of a store; it is ready when this returns. */
  static Process start(String address) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OpeningProcess.class.getName(),
                address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = out(child).readLine();
    if (!"ready".equals(line)) {
      child.destroyForcibly();
      throw new IOException("a child process said " + line);
    }
    return child;
  }

  private static BufferedReader out(Process child) {
    return child.inputReader(StandardCharsets.UTF_8);
  }

  /** Lets one open its store. */
  static void open(Process child) throws IOException {
    child.getOutputStream().close();
  }

  /** What one wrote when it had stored; nothing when it failed before. */
  static String end(Process child) throws IOException {
    return String.valueOf(out(child).readLine());
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // until it is told to
    }
    try (Pitstop pitstop = Pitstop.open(arguments[0])) {
      pitstop.queue("q", Codec.text()).store("body", Instant.now()).join();
    }
    System.out.println("stored");
  }
}
