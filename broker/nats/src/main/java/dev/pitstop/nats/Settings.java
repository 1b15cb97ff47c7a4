package dev.pitstop.nats;

import dev.pitstop.broker.BrokerAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What an address says.
 *
 * @param token in place of a user; empty: none
 * @param stream that is taken from; empty: the one that keeps the subject
 * @param durable the consumer that is taken by; empty only where nothing is taken
 * @param ackWait of a consumer that is made; a second to a day
 * @param timeout of a confirm, a connection and an answer; 100 ms to a day
 */
record Settings(
    BrokerAddress address,
    Optional<String> token,
    Optional<String> stream,
    Optional<String> durable,
    Duration ackWait,
    Duration timeout) {
  boolean tls() {
    return address.scheme().equals("natss");
  }

  /** Shows no token. */
  @Override
  public String toString() {
    return address.toString();
  }
}
