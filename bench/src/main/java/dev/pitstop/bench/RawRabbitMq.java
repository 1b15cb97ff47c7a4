package dev.pitstop.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.pitstop.servers.RabbitMqServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * The floor: RabbitMQ's client alone, with confirms of persistent messages and so many of them
 * under way. Used by one thread.
 */
final class RawRabbitMq implements AutoCloseable {
  private final Connection connection;
  private final Channel channel;

  RawRabbitMq(RabbitMqServer server) throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setPort(server.port());
    factory.setUsername("pitstop");
    factory.setPassword("secret");
    connection = factory.newConnection();
    channel = connection.createChannel();
    channel.confirmSelect();
  }

  Channel channel() {
    return channel;
  }

  /** Makes a classic queue, which is empty. */
  void declare(String queue, Map<String, Object> arguments) throws IOException {
    channel.queueDelete(queue);
    channel.queueDeclare(queue, true, false, false, arguments);
  }

  /** Sends messages to a queue and waits until each is confirmed; messages a second. */
  double send(String queue, int count, int underWay) throws IOException, InterruptedException {
    Semaphore room = new Semaphore(underWay);
    ConcurrentSkipListSet<Long> sent = new ConcurrentSkipListSet<>();
    channel.addConfirmListener(
        (number, andAllBefore) -> {
          Set<Long> confirmed = andAllBefore ? sent.headSet(number, true) : Set.of(number);
          int size = confirmed.size();
          sent.removeAll(List.copyOf(confirmed));
          room.release(size);
        },
        (number, andAllBefore) -> {
          throw new IllegalStateException("RabbitMQ refused message " + number);
        });
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      sent.add(channel.getNextPublishSeqNo());
      BasicProperties properties = new BasicProperties.Builder().deliveryMode(2).build();
      channel.basicPublish("", queue, true, properties, Traffic.body());
    }
    room.acquire(underWay);
    double rate = Traffic.perSecond(count, start);
    channel.clearConfirmListeners();
    return rate;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
