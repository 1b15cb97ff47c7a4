package dev.pitstop.broker.tck;

import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a test has opened and not closed, and what it has done to the broker and not undone. Used by
 * one thread.
 */
final class Opened {
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private @Nullable PlainBroker killed;
  private @Nullable PlainBroker paused;

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

  void kill(PlainBroker broker) {
    broker.kill();
    paused = null;
    killed = broker;
  }

  void restart(PlainBroker broker) {
    broker.restart();
    killed = null;
  }

  void pause(PlainBroker broker) {
    broker.pause();
    paused = broker;
  }

  void resume(PlainBroker broker) {
    broker.resume();
    paused = null;
  }

  /** Closes all, the last first, and lets the broker run. */
  void close() {
    while (!closing.isEmpty()) {
      closing.pop().run();
    }
    if (paused != null) {
      resume(paused);
    }
    if (killed != null) {
      restart(killed);
    }
  }
}
