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
import dev.pitstop.servers.KafkaServer;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
  void remindersOfKafkaWaitAndGoOn(@TempDir Path directory) throws Exception {
    try (KafkaServer server = KafkaServer.start(Map.of());
        Pitstop pitstop = Pitstop.open("rocksdb:" + directory)) {
      create(server, List.of("reminders", "notifications", "unread"));
      String kafka = server.address("x").replaceFirst("/x$", "");

      MessageQueue<byte[]> reminders = pitstop.queue("reminders");
      Destination unread = Brokers.destination(kafka + "/unread");
      Relay taking =
          Relay.start(
              Brokers.source(kafka + "/reminders?group=pitstop"),
              new Intake(reminders, Optional.of(unread)),
              Relay.IN_FLIGHT);

      Destination notifications = Brokers.destination(kafka + "/notifications");
      Relay sending =
          Relay.start(
              new QueueSource(reminders, ListenerOptions.defaults()),
              notifications,
              Relay.IN_FLIGHT);

      long sent = System.nanoTime();
      remind(server, Map.of("second", "2s", "first", "1s", "wrong", "soon"));
      List<ConsumerRecord<String, String>> due = records(server, "notifications", 2);
      assertThat(System.nanoTime() - sent).isGreaterThan(Duration.ofSeconds(2).toNanos());
      assertThat(due).extracting(ConsumerRecord::value).containsExactly("first", "second");
      assertThat(due).extracting(ConsumerRecord::key).containsOnly("a customer");
      assertThat(records(server, "unread", 1))
          .extracting(ConsumerRecord::value)
          .containsExactly("wrong");

      taking.stop(Duration.ofSeconds(30)).join();
      sending.stop(Duration.ofSeconds(30)).join();
      unread.close();
      notifications.close();
      assertThat(taking.counters()).isEqualTo(new Relay.Counters(3, 0, 0));
      assertThat(sending.counters()).isEqualTo(new Relay.Counters(2, 0, 0));
    }
  }

  private static Map<String, Object> client(KafkaServer server) {
    return Map.of(
        "bootstrap.servers",
        "127.0.0.1:" + server.port(),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"pitstop\" password=\"secret\";");
  }

  private static void create(KafkaServer server, List<String> topics) throws Exception {
    try (Admin admin = Admin.create(client(server))) {
      admin
          .createTopics(topics.stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  private static void remind(KafkaServer server, Map<String, String> delays) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client(server), new StringSerializer(), new StringSerializer())) {
      for (Map.Entry<String, String> one : delays.entrySet()) {
        ProducerRecord<String, String> reminder =
            new ProducerRecord<>("reminders", "a customer", one.getKey());
        byte[] delay = one.getValue().getBytes(StandardCharsets.UTF_8);
        reminder.headers().add("pitstop-delay", delay);
        producer.send(reminder).get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static List<ConsumerRecord<String, String>> records(
      KafkaServer server, String topic, int count) {
    List<ConsumerRecord<String, String>> all = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(client(server), new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInSameThread()
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                return all.size() >= count;
              });
    }
    return all;
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
