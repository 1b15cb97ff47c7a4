package dev.pitstop.kafka;

import dev.pitstop.broker.tck.BrokerContract;
import dev.pitstop.broker.tck.PlainBroker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The kit on topics of one partition of a private Kafka. */
final class KafkaBrokerTest extends BrokerContract {
  private static @Nullable PlainKafka broker;

  @BeforeAll
  static void startBroker() {
    broker = PlainKafka.start();
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
