package dev.pitstop.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A private NATS with JetStream, which keeps its streams in its directory. Its user {@code pitstop}
 * with the password {@code secret} may do everything. Thread-safe.
 */
public final class NatsServer extends PrivateServer {
  private NatsServer(ServerProcess process) {
    super(process, "nats");
  }

  /**
   * Starts one without streams.
   *
   * @param settings lines of its configuration, as {@code max_payload} to {@code 2000000}
   * @throws IllegalStateException if it is not installed, or does not answer within 60 s; the
   *     message has the end of its log
   */
  public static NatsServer start(Map<String, String> settings) {
    return new NatsServer(ServerProcess.start(kind(settings)));
  }

  static ServerKind kind(Map<String, String> settings) {
    return new Kind(new TreeMap<>(settings));
  }

  private record Kind(Map<String, String> settings) implements ServerKind {
    private static String program() {
      return Programs.find("nats-server", "nats-server", List.of(Path.of("/usr/sbin"))).toString();
    }

    @Override
    public String name() {
      return "NATS";
    }

    @Override
    public Account account() {
      program(); // the user comes with the program, whose absence says more
      return Account.of("nats");
    }

    @Override
    public void prepare(Path directory) {
      // it makes what it needs
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
      List<String> lines =
          new ArrayList<>(
              List.of(
                  "listen: \"127.0.0.1:" + port + "\"",
                  "authorization { user: " + Names.USER + ", password: " + Names.PASSWORD + " }",
                  "jetstream { store_dir: \"" + directory.resolve("data") + "\" }"));
      settings.forEach((name, value) -> lines.add(name + ": " + value));
      Path configuration = directory.resolve("nats.conf");
      Files.write(configuration, lines);
      return List.of(program(), "-c", configuration.toString());
    }

    @Override
    public boolean answers(Path directory, int port) {
      try (Socket client = new Socket()) {
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        client.setSoTimeout(5000);
        String info = "INFO "; // what it is, in the first line
        return new String(
                client.getInputStream().readNBytes(info.length()), StandardCharsets.US_ASCII)
            .equals(info);
      } catch (IOException e) {
        return false;
      }
    }
  }
}
