package dev.pitstop.cli;

import dev.pitstop.broker.Relay.Counters;
import dev.pitstop.broker.Relays;
import dev.pitstop.broker.Relays.Running;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of relays, told of on standard error, until its end is asked for. Thread-safe. */
final class RelayRun {
  private static final Duration BETWEEN_TELLS = Duration.ofMinutes(1);

  private final Duration drain;
  private final PrintStream err = System.err;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Map<Running, Counters> told = new HashMap<>(); // by the thread that runs

  /** A run that waits for so long at its end for what is in flight. */
  RelayRun(Duration drain) {
    this.drain = drain;
  }

  /** Asks for the end. */
  void stop() {
    stopping.countDown();
  }

  /** Lets relays run until the end is asked for, and ends them. */
  void until(Relays relays) {
    try (relays) {
      relays
          .running()
          .forEach(one -> err.println("pitstop: relaying from " + one.from() + " to " + one.to()));
      while (!stopping.await(BETWEEN_TELLS.toMillis(), TimeUnit.MILLISECONDS)) {
        relays.running().forEach(this::tellChange);
      }
      relays.stop(drain).join();
      relays.running().forEach(this::tell);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellChange(Running one) {
    if (!one.relay().counters().equals(told.getOrDefault(one, new Counters(0, 0, 0)))) {
      tell(one);
    }
  }

  private void tell(Running one) {
    Counters now = one.relay().counters();
    told.put(one, now);
    err.println(
        "pitstop: from "
            + one.from()
            + " to "
            + one.to()
            + ": passed on "
            + now.passed()
            + ", failed "
            + now.failed()
            + ", not settled "
            + now.unsettled());
  }
}
