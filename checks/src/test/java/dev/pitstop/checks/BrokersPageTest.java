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
import dev.pitstop.servers.RabbitMqServer;
import dev.pitstop.spi.Option;
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
