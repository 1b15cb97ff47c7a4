package dev.pitstop.cli;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.pitstop.servers.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Queues of a private RabbitMQ, as its plain client sees them. */
final class PlainQueues implements AutoCloseable {
  /** A message, and when it came here. */
  record Came(String body, Map<String, String> headers, Instant at) {}

  private final RabbitMqServer server = RabbitMqServer.start(Map.of());
  private final AtomicInteger numbers = new AtomicInteger();
  private final Connection connection;
  private final Channel channel;

  PlainQueues() throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(server.port());
    factory.setUsername("pitstop");
    factory.setPassword("secret");
    connection = factory.newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  /** A queue that nobody else uses; its name. */
  String fresh() throws IOException {
    String name = "q" + numbers.incrementAndGet();
    channel.queueDeclare(name, true, false, false, Map.of());
    return name;
  }

  /** Where a queue is, with the password. */
  String address(String queue) {
    return server.address(queue) + "?timeout=5s";
  }

  /** Puts a message that has headers; {@link #confirm} has it kept. */
  void put(String queue, String body, Map<String, ?> headers) throws IOException {
    BasicProperties properties =
        new BasicProperties.Builder().deliveryMode(2).headers(new LinkedHashMap<>(headers)).build();
    channel.basicPublish("", queue, properties, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits until all that was put is kept. */
  void confirm() throws IOException, InterruptedException, TimeoutException {
    channel.waitForConfirmsOrDie(60_000);
  }

  /** How many messages wait in a queue. */
  long waiting(String queue) throws IOException {
    return channel.messageCount(queue);
  }

  /** Takes from a queue from now on. */
  BlockingQueue<Came> take(String queue) throws IOException {
    BlockingQueue<Came> all = new LinkedBlockingQueue<>();
    Channel own = connection.createChannel();
    own.basicConsume(
        queue,
        true,
        (tag, got) -> {
          Map<String, String> headers = new LinkedHashMap<>();
          Map<String, Object> table = got.getProperties().getHeaders();
          if (table != null) {
            table.forEach((name, value) -> headers.put(name, String.valueOf(value)));
          }
          String body = new String(got.getBody(), StandardCharsets.UTF_8);
          all.add(new Came(body, headers, Instant.now()));
        },
        tag -> {});
    return all;
  }

  /** The next that comes. */
  static Came next(BlockingQueue<Came> all) throws InterruptedException {
    Came came = all.poll(60, TimeUnit.SECONDS);
    if (came == null) {
      throw new AssertionError("nothing came");
    }
    return came;
  }

  @Override
  public void close() throws IOException {
    connection.close();
    server.close();
  }
}
