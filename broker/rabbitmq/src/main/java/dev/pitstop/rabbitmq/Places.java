package dev.pitstop.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * The exchanges and queues that are known to be there. RabbitMQ ends the channel on which an
 * exchange is missing, with all that is under way on it, so it is asked on another one before the
 * first message goes there. Used by one thread.
 */
final class Places {
  private static final int MOST = 10_000;

  private final Connection connection;
  private final Optional<String> queueType;
  private final Set<String> known = new HashSet<>();

  Places(Connection connection, Optional<String> queueType) {
    this.connection = connection;
    this.queueType = queueType;
  }

  /**
   * Makes sure of the exchange, and of the queue if queues are to be made.
   *
   * @return why a message cannot be sent there; empty when it can
   * @throws IOException when the connection is lost
   */
  Optional<String> missing(String exchange, String routingKey)
      throws IOException, TimeoutException {
    if (exchange.isEmpty() && queueType.isEmpty()) {
      return Optional.empty(); // what nobody takes is returned
    }
    String place = exchange.isEmpty() ? "queue " + routingKey : "exchange " + exchange;
    if (known.contains(place)) {
      return Optional.empty();
    }
    Channel channel = connection.createChannel();
    if (channel == null) {
      return Optional.of("the connection has no channel left");
    }
    try {
      if (exchange.isEmpty()) {
        declare(channel, routingKey, queueType.orElseThrow());
      } else {
        channel.exchangeDeclarePassive(exchange);
      }
      channel.close();
    } catch (IOException e) {
      if (connection.isOpen() && e.getCause() instanceof ShutdownSignalException) {
        return Optional.of(Reconnecting.reason(e));
      }
      throw e;
    }
    if (known.size() == MOST) {
      known.clear();
    }
    known.add(place);
    return Optional.empty();
  }

  /** Makes a durable queue unless it is there. */
  static void declare(Channel channel, String queue, String type) throws IOException {
    channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", type));
  }
}
