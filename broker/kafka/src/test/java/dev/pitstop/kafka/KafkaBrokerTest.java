package dev.pitstop.kafka;

import dev.pitstop.broker.tck.BrokerContract;
import dev.pitstop.broker.tck.PlainBroker;

/** The kit on topics of one partition of a private Kafka. */
final class KafkaBrokerTest extends BrokerContract {
  @Override
  public PlainBroker broker() {
    return PlainKafka.shared();
  }
}
