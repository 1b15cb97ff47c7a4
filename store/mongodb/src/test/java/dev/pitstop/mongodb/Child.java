package dev.pitstop.mongodb;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A process of its own that listens to a queue and acks all it gets. It writes a line for each
 * delivery, {@code id token attempt}, and ends when its input does.
 */
final class Child {
  private Child() {}

  /** Starts one on the address of a store. */
  static Process start(String address, String queue) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .replace(":", File.pathSeparator),
            Child.class.getName(),
            address,
            queue)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Ends one, and says what it wrote. */
  static List<String> end(Process child) throws IOException, InterruptedException {
    child.getOutputStream().close();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    }
    child.waitFor();
    return lines;
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (Pitstop pitstop = Pitstop.open(arguments[0])) {
      Listener listener =
          pitstop
              .queue(arguments[1], Codec.text())
              .listen(
                  ListenerOptions.defaults().concurrency(256).manualAck(),
                  delivery -> acked(delivery, lines));
      while (System.in.read() >= 0) {
        // until it ends
      }
      listener.stop().join();
    }
    System.out.print(String.join("", lines));
    System.out.flush();
  }

  private static void acked(Delivery<String> delivery, Queue<String> lines) {
    String line = delivery.id() + " " + delivery.token() + " " + delivery.attempt() + "\n";
    delivery
        .ack()
        .whenComplete(
            (took, failure) -> lines.add(Boolean.TRUE.equals(took) ? line : "lost " + line));
  }
}
