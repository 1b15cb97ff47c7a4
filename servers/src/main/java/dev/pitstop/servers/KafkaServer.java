package dev.pitstop.servers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A private Kafka of one node, which is broker and controller; its databases are its topics. It
 * asks for a login (SASL, PLAIN): its user {@code pitstop} with the password {@code secret} may do
 * everything. Topics are made by who needs them. Its program comes with this module. Thread-safe.
 */
public final class KafkaServer extends PrivateServer {
  private KafkaServer(ServerProcess process) {
    super(process, "kafka");
  }

  /**
   * Starts one with empty data, which is there soon but never as fast as Kafka can be.
   *
   * @param settings of the broker, as {@code message.max.bytes} to {@code 2000000}
   * @throws IllegalStateException if it does not answer within 60 s; the message has the end of its
   *     log
   */
  public static KafkaServer start(Map<String, String> settings) {
    return new KafkaServer(ServerProcess.start(kind(settings)));
  }

  /** Starts one as {@link #start}, for figures: it takes twice as long, and becomes fast. */
  public static KafkaServer startForFigures(Map<String, String> settings) {
    return new KafkaServer(ServerProcess.start(new Kind(new TreeMap<>(settings), false)));
  }

  static ServerKind kind(Map<String, String> settings) {
    return new Kind(new TreeMap<>(settings), true);
  }

  private record Kind(Map<String, String> settings, boolean quick) implements ServerKind {
    private static final String CLUSTER = "cGl0c3RvcHBpdHN0b3BwaQ";
    private static final String LOGIN =
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%1$s\""
            + " password=\"%2$s\" user_%1$s=\"%2$s\";";

    /** The class path that the build has written down: Kafka's own, in none of its users'. */
    private static String classPath() {
      try (InputStream in = KafkaServer.class.getResourceAsStream("kafka.classpath")) {
        if (in == null) {
          throw new IllegalStateException("kafka.classpath is missing; it is made by the build");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      } catch (IOException e) {
        throw new IllegalStateException("kafka.classpath cannot be read", e);
      }
    }

    private List<String> java(String main, String... arguments) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                  "-cp",
                  classPath(),
                  main));
      if (quick) {
        command.add(1, "-XX:TieredStopAtLevel=1");
      }
      command.addAll(List.of(arguments));
      return command;
    }

    @Override
    public String name() {
      return "Kafka";
    }

    @Override
    public Account account() {
      return new Account(Optional.empty()); // no package has made a user for it
    }

    @Override
    public void prepare(Path directory) throws IOException {
      Command.run(
          java(
              "kafka.tools.StorageTool",
              "format",
              "-t",
              CLUSTER,
              "-c",
              properties(directory, 1).toString()),
          Map.of());
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
      return java("kafka.Kafka", properties(directory, port).toString());
    }

    private Path properties(Path directory, int port) throws IOException {
      int controller = Ports.free();
      Map<String, String> all = new TreeMap<>();
      all.put("process.roles", "broker,controller");
      all.put("node.id", "1");
      all.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
      all.put("listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
      all.put("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
      all.put("controller.listener.names", "CONTROLLER");
      all.put("inter.broker.listener.name", "CLIENT");
      all.put("sasl.enabled.mechanisms", "PLAIN");
      all.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
      all.put(
          "listener.name.client.plain.sasl.jaas.config",
          LOGIN.formatted(Names.USER, Names.PASSWORD));
      all.put("log.dirs", directory.resolve("data").toString());
      all.put("auto.create.topics.enable", "false");
      all.put("offsets.topic.num.partitions", "1");
      all.put("offsets.topic.replication.factor", "1");
      all.put("transaction.state.log.num.partitions", "1");
      all.put("transaction.state.log.replication.factor", "1");
      all.put("transaction.state.log.min.isr", "1");
      all.put("group.initial.rebalance.delay.ms", "0");
      if (quick) {
        // otherwise one that was killed is held to be there for 9 s, and may not come back before
        all.put("broker.session.timeout.ms", "2000");
        all.put("broker.heartbeat.interval.ms", "200");
      }
      all.putAll(settings);
      Path file = directory.resolve("server.properties");
      Files.write(
          file, all.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList());
      return file;
    }

    /** Whether it says which versions of requests it knows, which needs no login. */
    @Override
    public boolean answers(Path directory, int port) {
      try (Socket client = new Socket()) {
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        client.setSoTimeout(5000);
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeInt(10);
        out.writeShort(18); // ApiVersions
        out.writeShort(0); // in its first version
        out.writeInt(7); // a number that comes back
        out.writeShort(-1); // no name
        DataInputStream in = new DataInputStream(client.getInputStream());
        return in.readInt() > 0 && in.readInt() == 7;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
