package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.pitstop.Message;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.broker.tck.Refusal;
import dev.pitstop.broker.tck.Trait;
import dev.pitstop.servers.RabbitMqServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** RabbitMQ as the kit sees it, through its plain client. */
final class PlainRabbitMq implements PlainBroker, AutoCloseable {
  static final int LARGEST = 2_000_000;

  private static final int PLACES = 40;

  private final RabbitMqServer server;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Queue<String> places = new ArrayDeque<>();

  private PlainRabbitMq(RabbitMqServer server) {
    this.server = server;
  }

  /** One without queues. */
  static PlainRabbitMq startEmpty(Map<String, String> settings) {
    return new PlainRabbitMq(RabbitMqServer.start(settings));
  }

  /** One with some queues. */
  static PlainRabbitMq start(String queueType) {
    PlainRabbitMq broker = startEmpty(Map.of("max_message_size", Integer.toString(LARGEST)));
    for (int i = 0; i < PLACES; i++) {
      broker.places.add(broker.freshQueue(Map.of("x-queue-type", queueType)));
    }
    // a queue that is declared is on the disk some seconds later only, and one that ends cleanly
    // has written all
    broker.restart();
    return broker;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Something done over a channel of its own. */
  interface Doing<T> {
    T with(Channel channel) throws IOException, TimeoutException, InterruptedException;
  }

  <T> T with(Doing<T> doing) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(server.port());
    factory.setUsername("pitstop");
    factory.setPassword("secret");
    factory.setAutomaticRecoveryEnabled(false);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      return doing.with(channel);
    } catch (IOException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.ACKS_EACH);
  }

  @Override
  public String freshPlace() {
    return places.remove();
  }

  String freshQueue(Map<String, Object> arguments) {
    String name = "queue " + numbers.incrementAndGet() + "/ä";
    with(channel -> channel.queueDeclare(name, true, false, false, arguments));
    return name;
  }

  @Override
  public String address(String place) {
    return address("", place);
  }

  String address(String exchange, String routingKey) {
    String path = exchange.isEmpty() ? encoded(routingKey) : exchange + "/" + encoded(routingKey);
    return server.address("x").replaceFirst("/x$", "/") + path + "?timeout=3s";
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String password() {
    return "secret";
  }

  @Override
  public void put(String place, List<Message<byte[]>> messages) {
    with(
        channel -> {
          channel.confirmSelect();
          for (Message<byte[]> message : messages) {
            channel.basicPublish(
                "",
                place,
                new BasicProperties.Builder()
                    .deliveryMode(2)
                    .contentType(message.contentType().orElse(null))
                    .headers(new LinkedHashMap<>(message.headers()))
                    .build(),
                message.body());
          }
          channel.waitForConfirmsOrDie(30_000);
          return true;
        });
  }

  @Override
  public List<Message<byte[]>> read(String place, int count) {
    return with(
        channel -> {
          List<Message<byte[]>> all = new ArrayList<>();
          long end = System.nanoTime() + 30_000_000_000L;
          GetResponse got = channel.basicGet(place, true);
          while (got != null || (all.size() < count && System.nanoTime() < end)) {
            if (got != null) {
              all.add(message(got));
            }
            got = channel.basicGet(place, true);
          }
          return all;
        });
  }

  private static Message<byte[]> message(GetResponse got) {
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, Object> table = got.getProps().getHeaders();
    if (table != null) {
      table.forEach((name, value) -> headers.put(name, value.toString()));
    }
    return new Message<>(
        got.getBody(),
        Optional.empty(),
        headers,
        Optional.ofNullable(got.getProps().getContentType()));
  }

  @Override
  public long left(String place) {
    return with(channel -> channel.messageCount(place));
  }

  @Override
  public List<Refusal> refusals() {
    Message<byte[]> small = Message.of(new byte[] {1});
    String full = freshQueue(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    put(full, List.of(small));
    return List.of(
        new Refusal("no such queue", address("nobody's"), small, "NO_ROUTE", false),
        new Refusal("no such exchange", address("missing", "key"), small, "no exchange", false),
        new Refusal("unbound key", address("amq.direct", "nobody's"), small, "NO_ROUTE", false),
        new Refusal("full", address(full), small, "basic.nack", false),
        new Refusal(
            "too large", address(freshPlace()), Message.of(new byte[LARGEST + 1]), "larger", true));
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() {
    server.restart();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }
}
