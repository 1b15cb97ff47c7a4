package dev.pitstop.rabbitmq;

import dev.pitstop.broker.tck.BrokerContract;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.servers.RabbitMqServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The kit on classic queues of a private RabbitMQ. */
final class RabbitMqBrokerTest extends BrokerContract {
  private static @Nullable RabbitMqServer server;

  @BeforeAll
  static void startServer() {
    server = PlainRabbitMq.startServer();
  }

  @AfterAll
  static void endServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public PlainBroker broker() {
    return new PlainRabbitMq(java.util.Objects.requireNonNull(server), "classic");
  }
}
