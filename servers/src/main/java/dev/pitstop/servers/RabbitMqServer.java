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
 * A private RabbitMQ, whose databases are its virtual hosts; {@code /} is there. Its user {@code
 * pitstop} with the password {@code secret} may do everything. Thread-safe.
 */
public final class RabbitMqServer extends PrivateServer {
  private RabbitMqServer(ServerProcess process) {
    super(process, "rabbitmq");
  }

  /**
   * Starts one with empty data.
   *
   * @param settings lines of rabbitmq.conf, as {@code max_message_size} to {@code 2000000}
   * @throws IllegalStateException if it is not installed, or does not answer within 60 s; the
   *     message has the end of its log
   */
  public static RabbitMqServer start(Map<String, String> settings) {
    return new RabbitMqServer(ServerProcess.start(kind(settings)));
  }

  static ServerKind kind(Map<String, String> settings) {
    return new Kind(new TreeMap<>(settings));
  }

  private record Kind(Map<String, String> settings) implements ServerKind {
    /*
     * Erlang's port mapper is one of the machine's unless it is on a port of its own, and outlives
     * who started it unless it is ended. Interrupts are left alone: they may have been ignored
     * before.
     */
    private static final String SCRIPT =
        """
        epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" &
        mapper=$!
        trap 'kill -TERM "$server"' TERM
        trap 'kill -KILL "$server"' USR1
        detached=yes "$0" &
        server=$!
        while kill -0 "$server" 2>/dev/null; do wait "$server"; done
        kill -KILL "$mapper"
        """;

    private static String program() {
      return Programs.find(
              "rabbitmq-server", "rabbitmq-server", List.of(Path.of("/usr/lib/rabbitmq/bin")))
          .toString();
    }

    @Override
    public String name() {
      return "RabbitMQ";
    }

    @Override
    public Account account() {
      program(); // the user comes with the program, whose absence says more
      return Account.of("rabbitmq");
    }

    @Override
    public void prepare(Path directory) throws IOException {
      Files.writeString(directory.resolve("plugins"), "[].\n");
      Files.writeString(directory.resolve("environment"), "");
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
      List<String> lines =
          new ArrayList<>(
              List.of(
                  "listeners.tcp.1 = 127.0.0.1:" + port,
                  "default_user = " + Names.USER,
                  "default_pass = " + Names.PASSWORD,
                  "log.console = true",
                  "log.console.level = warning",
                  "log.file = false"));
      settings.forEach((name, value) -> lines.add(name + " = " + value));
      Files.write(directory.resolve("rabbitmq.conf"), lines);
      return List.of(
          "env",
          "HOME=" + directory,
          "ERL_EPMD_PORT=" + Ports.free(),
          "RABBITMQ_NODENAME=pitstop@localhost",
          "RABBITMQ_DIST_PORT=" + Ports.free(),
          "RABBITMQ_MNESIA_BASE=" + directory.resolve("data"),
          "RABBITMQ_LOG_BASE=" + directory.resolve("log"),
          "RABBITMQ_CONFIG_FILE=" + directory.resolve("rabbitmq.conf"),
          "RABBITMQ_CONF_ENV_FILE=" + directory.resolve("environment"),
          "RABBITMQ_ENABLED_PLUGINS_FILE=" + directory.resolve("plugins"),
          "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-noinput",
          "sh",
          "-c",
          SCRIPT,
          program());
    }

    @Override
    public boolean answers(Path directory, int port) {
      try (Socket client = new Socket()) {
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        client.setSoTimeout(5000);
        client.getOutputStream().write("AMQP\0\0\u0009\u0001".getBytes(StandardCharsets.US_ASCII));
        return client.getInputStream().read() == 1; // the frame in which it says what it is
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public String closeSignal() {
      return "USR1";
    }
  }
}
