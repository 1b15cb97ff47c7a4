package dev.pitstop.broker.tck;

import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.Source;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has opened, closed after it, the last first. Used by one thread. */
final class Opened {
  private final Deque<Runnable> closing = new ArrayDeque<>();

  Destination destination(String address) {
    Destination destination = Brokers.destination(address);
    closing.push(destination::close);
    return destination;
  }

  Source source(String address) {
    Source source = Brokers.source(address);
    closing.push(source::close);
    return source;
  }

  Relay relay(String from, String to, int inFlight) {
    Destination destination = destination(to);
    Relay relay = Relay.start(source(from), destination, inFlight);
    closing.push(relay::close);
    return relay;
  }

  /** Has something done in the end: a broker runs again. */
  void inTheEnd(Runnable last) {
    closing.push(last);
  }

  void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
  }
}
