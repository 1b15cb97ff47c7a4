package dev.pitstop.rabbitmq;

import dev.pitstop.broker.BrokerAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What an address says.
 *
 * @param queueType of queues that are made where they are missing; empty: none is made
 * @param timeout of a confirm, a connection and an answer; 100 ms to a day
 */
record Settings(BrokerAddress address, String vhost, Optional<String> queueType, Duration timeout) {
  boolean tls() {
    return address.scheme().equals("rabbitmqs");
  }

  int timeoutMillis() {
    return (int) timeout.toMillis();
  }
}
