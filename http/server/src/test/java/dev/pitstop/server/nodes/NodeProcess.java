package dev.pitstop.server.nodes;

import dev.pitstop.ListenerOptions;
import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.webhook.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server in a process of its own, to be killed; it ends with this one at the latest. */
final class NodeProcess implements AutoCloseable {
  private static final String READY = "ready";

  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /** One on a store, at a port, that posts the messages of the queue {@code posted}; it answers. */
  static NodeProcess start(String store, int port, URI target) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                store,
                Integer.toString(port),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (!READY.equals(line)) {
      process.destroyForcibly();
      throw new AssertionError("the node did not start: " + line);
    }
    return new NodeProcess(process);
  }

  /** Kills it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    kill();
  }

  /** The store, the port, the target. */
  public static void main(String[] args) throws IOException {
    ListenerOptions options = ListenerOptions.defaults().leaseTime(Duration.ofSeconds(3));
    Target target = new Target(URI.create(args[2]), List.of(), Duration.ofSeconds(2), 4, true);
    ServerSettings settings =
        ServerSettings.defaults()
            .store(args[0])
            .queues(
                List.of(
                    new QueueSettings(new QueuePattern("posted"), options, Optional.of(target)),
                    new QueueSettings(new QueuePattern("*"), options, Optional.empty())))
            .web(Web.Settings.defaults().port(Integer.parseInt(args[1])));
    PitstopServer server = PitstopServer.start(settings);
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // the end of the input is that of the test
    }
    server.close();
  }
}
