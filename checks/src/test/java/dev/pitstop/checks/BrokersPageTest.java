package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.broker.BrokerFactory;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Intake;
import dev.pitstop.broker.QueueSource;
import dev.pitstop.broker.Relay;
import dev.pitstop.servers.NatsServer;
import dev.pitstop.servers.RabbitMqServer;
import dev.pitstop.spi.Option;
import io.nats.client.JetStream;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/brokers.md: its examples run, its options are those there are. */
class BrokersPageTest {
  private static final Pattern OPTION = Pattern.compile("(?m)^\\| `[^|]*\\|[^|]*\\| `[^|]*\\|.*$");

  @Test
  void itsJavaRunsHere() {
    Snippets.areIn("docs/brokers.md", BrokersPageTest.class);
  }

  @Test
  void theRowsAreThoseOfTheOptions() {
    List<String> rows = new ArrayList<>();
    for (BrokerFactory factory : ServiceLoader.load(BrokerFactory.class)) {
      for (Option<?> option : factory.options()) {
        rows.add(
            "| `%s` | %s | `%s` | %s |"
                .formatted(option.name(), option.type(), option.defaultText(), option.doc()));
      }
    }
    assertThat(OPTION.matcher(Project.read("docs/brokers.md")).results().map(row -> row.group()))
        .containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void messagesOfRabbitMqWaitAndGoOn(@TempDir Path directory) throws Exception {
    try (RabbitMqServer server = RabbitMqServer.start(Map.of());
        Connection connection = connect(server);
        Pitstop pitstop = Pitstop.open("rocksdb:" + directory)) {
      Channel channel = connection.createChannel();
      for (String queue : List.of("deferred", "misfits", "orders")) {
        channel.queueDeclare(queue, true, false, false, Map.of());
      }
      channel.exchangeDeclare("later", "topic", true);
      channel.exchangeDeclare("due", "topic", true);
      channel.queueBind("deferred", "later", "#");
      channel.queueBind("orders", "due", "orders.*");
      String rabbitMq = server.address("x").replaceFirst("/x$", "");

      MessageQueue<byte[]> deferred = pitstop.queue("deferred");
      Destination misfits = Brokers.destination(rabbitMq + "/misfits");
      Relay in =
          Relay.start(
              Brokers.source(rabbitMq + "/deferred"),
              new Intake(deferred, Optional.of(misfits)),
              Relay.IN_FLIGHT);

      Destination due = Brokers.destination(rabbitMq + "/due/{header:rabbitmq-routing-key}");
      Relay out =
          Relay.start(new QueueSource(deferred, ListenerOptions.defaults()), due, Relay.IN_FLIGHT);

      long sent = System.nanoTime();
      publish(channel, "second", Map.of("pitstop-delay", "2s"));
      publish(channel, "first", Map.of("x-delay", 1_000));
      publish(channel, "wrong", Map.of("pitstop-delay", "soon"));
      assertThat(arrived(channel, "orders")).isEqualTo("first");
      assertThat(arrived(channel, "orders")).isEqualTo("second");
      assertThat(System.nanoTime() - sent).isGreaterThan(Duration.ofSeconds(2).toNanos());
      assertThat(arrived(channel, "misfits")).isEqualTo("wrong");

      in.stop(Duration.ofSeconds(30)).join();
      out.stop(Duration.ofSeconds(30)).join();
      misfits.close();
      due.close();
      assertThat(in.counters()).isEqualTo(new Relay.Counters(3, 0, 0));
      assertThat(out.counters()).isEqualTo(new Relay.Counters(2, 0, 0));
    }
  }

  @Test
  void messagesOfNatsWaitAndGoOn(@TempDir Path directory) throws Exception {
    try (NatsServer server = NatsServer.start(Map.of());
        Pitstop pitstop = Pitstop.open("rocksdb:" + directory)) {
      Options options =
          new Options.Builder()
              .server("nats://127.0.0.1:" + server.port())
              .userInfo("pitstop", "secret")
              .build();
      io.nats.client.Connection connection = Nats.connect(options);
      for (String name : List.of("later", "due")) {
        StreamConfiguration stream =
            StreamConfiguration.builder().name(name).subjects(name + ".>").build();
        connection.jetStreamManagement().addStream(stream);
      }
      String nats = server.address("x").replaceFirst("/x$", "");

      MessageQueue<byte[]> reminders = pitstop.queue("reminders");
      Relay in =
          Relay.start(
              Brokers.source(nats + "/later.>?durable=pitstop"),
              new Intake(reminders, Optional.empty()),
              Relay.IN_FLIGHT);

      Destination due = Brokers.destination(nats + "/due.{header:nats-subject}");
      Relay out =
          Relay.start(new QueueSource(reminders, ListenerOptions.defaults()), due, Relay.IN_FLIGHT);

      long sent = System.nanoTime();
      JetStream stream = connection.jetStream();
      stream.publish("later.mail", delay("2s"), "second".getBytes(StandardCharsets.UTF_8));
      stream.publish("later.mail", delay("1s"), "first".getBytes(StandardCharsets.UTF_8));
      JetStreamSubscription arrived = stream.subscribe("due.later.mail");
      assertThat(arrived.nextMessage(Duration.ofSeconds(60)).getData())
          .asString()
          .isEqualTo("first");
      assertThat(arrived.nextMessage(Duration.ofSeconds(60)).getData())
          .asString()
          .isEqualTo("second");
      assertThat(System.nanoTime() - sent).isGreaterThan(Duration.ofSeconds(2).toNanos());

      in.stop(Duration.ofSeconds(30)).join();
      out.stop(Duration.ofSeconds(30)).join();
      due.close();
      connection.close();
      assertThat(in.counters()).isEqualTo(new Relay.Counters(2, 0, 0));
      assertThat(out.counters()).isEqualTo(new Relay.Counters(2, 0, 0));
    }
  }

  private static Headers delay(String delay) {
    return new Headers().put("pitstop-delay", delay);
  }

  private static Connection connect(RabbitMqServer server) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(server.port());
    factory.setUsername("pitstop");
    factory.setPassword("secret");
    return factory.newConnection();
  }

  private static void publish(Channel channel, String body, Map<String, Object> headers)
      throws Exception {
    BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
    channel.basicPublish("later", "orders.new", properties, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String arrived(Channel channel, String queue) {
    GetResponse got =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> channel.basicGet(queue, true), Objects::nonNull);
    return new String(got.getBody(), StandardCharsets.UTF_8);
  }
}
