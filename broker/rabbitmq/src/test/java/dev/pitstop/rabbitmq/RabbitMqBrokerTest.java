package dev.pitstop.rabbitmq;

import dev.pitstop.broker.tck.BrokerContract;
import dev.pitstop.broker.tck.PlainBroker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The kit on classic queues of a private RabbitMQ. */
final class RabbitMqBrokerTest extends BrokerContract {
  private static @Nullable PlainRabbitMq broker;

  @BeforeAll
  static void startBroker() {
    broker = PlainRabbitMq.start("classic");
  }

  @AfterAll
  static void endBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @Override
  public PlainBroker broker() {
    return Objects.requireNonNull(broker);
  }
}
