package dev.pitstop.sql;

import dev.pitstop.spi.Chores;
import dev.pitstop.spi.ServerClock;

/** What is done aside of all calls: measuring the server's time, summing up counts. Thread-safe. */
final class Upkeep implements AutoCloseable {
  private static final long MEASURE_SECONDS = 20;
  private static final long COMPACT_SECONDS = 5;
  private static final int FIRST_MEASUREMENTS = 10;
  private static final double GOOD_MICROS = 500;

  private final Database database;
  private final ServerClock clock;
  private final Chores chores = new Chores("pitstop-sql-upkeep");
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
    chores.every(MEASURE_SECONDS, "measuring the server's time", this::measure);
    chores.every(COMPACT_SECONDS, "summing up counts", this::compact);
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

  @Override
  public void close() {
    chores.close();
  }
}
