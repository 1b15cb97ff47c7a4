package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.ServerClock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done aside of all calls: measuring the server's time, summing up counts. Thread-safe. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long MEASURE_SECONDS = 20;
  private static final long COMPACT_SECONDS = 5;
  private static final int FIRST_MEASUREMENTS = 10;
  private static final double GOOD_MICROS = 500;

  private final Database database;
  private final ServerClock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread upkeep = new Thread(work, "pitstop-sql-upkeep");
            upkeep.setDaemon(true);
            return upkeep;
          });
  private volatile boolean written;

  Upkeep(Database database, ServerClock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Asks for the time a few times: the first answers wait for connections to be made. */
  void begin() {
    for (int i = 0; i < FIRST_MEASUREMENTS && clock.error() > GOOD_MICROS; i++) {
      measure();
    }
    every(MEASURE_SECONDS, "measuring the server's time", this::measure);
    every(COMPACT_SECONDS, "summing up counts", this::compact);
  }

  /** Says that counts have changed. */
  void written() {
    written = true;
  }

  private void measure() {
    database.call(
        work -> {
          long before = System.nanoTime();
          long micros = database.dialect().micros(work);
          clock.measured(before, System.nanoTime(), micros, 1);
          return true;
        });
  }

  private void compact() {
    if (written) {
      written = false;
      database.call(
          work -> {
            database.dialect().compact(work);
            return true;
          });
    }
  }

  private void every(long seconds, String what, Runnable work) {
    thread.scheduleWithFixedDelay(() -> guarded(what, work), seconds, seconds, TimeUnit.SECONDS);
  }

  private static void guarded(String what, Runnable work) {
    try {
      work.run();
    } catch (StoreUnavailableException e) {
      LOG.debug("{} failed and is tried again", what, e); // listeners say it for all
    } catch (RuntimeException e) {
      LOG.warn("{} failed and is tried again", what, e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
