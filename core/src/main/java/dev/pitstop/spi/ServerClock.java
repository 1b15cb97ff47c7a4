package dev.pitstop.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A server's time, told from this machine's steady clock and what the server said last, for stores
 * to build on. Thread-safe.
 *
 * <p>Each answer of the server that carries its time is a measurement: its time lies somewhere
 * between the request and the answer. How far this clock can be off is half that round trip and
 * half of what the server's time is rounded to, and what the two machines' clocks drift apart until
 * the next measurement, reckoned at 0.1 ms a second. Nothing is emitted early by it as long as what
 * is due is decided by the server itself.
 */
public final class ServerClock {
  private static final double DRIFT = 1e-4;

  /** A better measurement never turns the clock back; only a server whose clock was set does. */
  private static final long STEP_MICROS = 1_000_000;

  private volatile @Nullable Measurement best;
  private final AtomicLong last = new AtomicLong();

  /**
   * @param nanos this machine's steady time
   * @param micros the server's time then, since 1970
   * @param error by how many microseconds that can be off
   */
  private record Measurement(long nanos, long micros, double error) {
    long microsAt(long otherNanos) {
      return micros + TimeUnit.NANOSECONDS.toMicros(otherNanos - nanos);
    }

    double errorAt(long otherNanos) {
      return error + DRIFT * TimeUnit.NANOSECONDS.toMicros(Math.abs(otherNanos - nanos));
    }
  }

  /** A clock that does not go before its first measurement. */
  public ServerClock() {}

  /**
   * Takes note of a time that the server gave.
   *
   * @param before when it was asked, by {@link System#nanoTime}
   * @param after when its answer was there
   * @param micros what it said, in microseconds since 1970
   * @param rounding how many microseconds what it said may be too small
   */
  public synchronized void measured(long before, long after, long micros, int rounding) {
    long middle = before + (after - before) / 2;
    double error = (rounding + TimeUnit.NANOSECONDS.toMicros(after - before)) / 2.0;
    Measurement fresh = new Measurement(middle, micros + rounding / 2, error);
    Measurement old = best;
    if (old == null || error <= old.errorAt(middle) || disagree(old, fresh)) {
      best = fresh;
    }
  }

  /** Whether one of the clocks was set meanwhile, or another server answers now. */
  private static boolean disagree(Measurement old, Measurement fresh) {
    double apart = Math.abs(old.microsAt(fresh.nanos()) - fresh.micros());
    return apart > old.errorAt(fresh.nanos()) + fresh.error();
  }

  /** By how many microseconds it can be off; {@link Double#MAX_VALUE} before it goes. */
  public double error() {
    Measurement measurement = best;
    return measurement == null ? Double.MAX_VALUE : measurement.errorAt(System.nanoTime());
  }

  /**
   * The server's time in microseconds since 1970.
   *
   * @throws IllegalStateException before the first measurement
   */
  public long micros() {
    Measurement measurement = best;
    if (measurement == null) {
      throw new IllegalStateException("the server's time was not measured yet");
    }
    long micros = measurement.microsAt(System.nanoTime());
    return last.updateAndGet(
        before -> micros < before && before - micros < STEP_MICROS ? before : micros);
  }

  /** The server's time in milliseconds since 1970. */
  public long millis() {
    return Math.floorDiv(micros(), 1000);
  }

  /** The server's time. */
  public Instant now() {
    return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
  }
}
