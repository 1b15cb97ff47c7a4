package dev.pitstop.broker.tck;

import org.junit.jupiter.api.BeforeAll;

/** The kit on a broker without a fault. */
final class ToyBrokerTest extends BrokerContract {
  @BeforeAll
  static void start() {
    ToyBroker.start(Fault.NONE);
  }

  @Override
  public PlainBroker broker() {
    return ToyBroker.current();
  }
}
