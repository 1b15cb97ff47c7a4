package dev.pitstop.client;

import dev.pitstop.PitstopException;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.wire.StoreCall;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the server's time now and then, when no other call does. Thread-safe. */
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final int FIRST_MEASUREMENTS = 5;
  private static final double GOOD_MICROS = 1_000;
  private static final int SECONDS = 10;

  private final Calls calls;
  private final ServerClock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread upkeep = new Thread(work, "pitstop-http-upkeep");
            upkeep.setDaemon(true);
            return upkeep;
          });

  Upkeep(Calls calls, ServerClock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  /** Asks a few times: the first answers wait for connections to be made. */
  void begin() {
    for (int i = 0; i < FIRST_MEASUREMENTS && clock.error() > GOOD_MICROS; i++) {
      measure();
    }
    thread.scheduleWithFixedDelay(this::measureIfOld, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  private void measureIfOld() {
    try {
      if (clock.error() > GOOD_MICROS) {
        measure();
      }
    } catch (PitstopException e) {
      log.debug("the server's time is asked for again", e); // listeners say it for all
    }
  }

  private void measure() {
    calls.ask(StoreCall.TIME, new byte[0]);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
