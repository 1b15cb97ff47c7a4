package dev.pitstop.nats;

import dev.pitstop.broker.tck.BrokerContract;
import dev.pitstop.broker.tck.PlainBroker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The kit on streams of a private NATS. */
final class NatsBrokerTest extends BrokerContract {
  private static @Nullable PlainNats broker;

  @BeforeAll
  static void startBroker() {
    broker = PlainNats.start();
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
