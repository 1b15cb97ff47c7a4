package dev.pitstop.mongodb;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The server's time, told from this machine's steady clock and what the server said last.
 * Thread-safe.
 *
 * <p>Each answer of the server that carries its time is a measurement: its time lies somewhere
 * between the request and the answer. How far this clock can be off is half that round trip and
 * half a millisecond, and what the two machines' clocks drift apart until the next measurement,
 * reckoned at 0.1 ms a second. Nothing is emitted early by it: what is due is decided in the
 * server's statements.
 */
final class ServerClock {
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

  /**
   * Takes note of a time that the server gave.
   *
   * @param before when it was asked, by {@link System#nanoTime}
   * @param after when its answer was there
   * @param millis what it said, in milliseconds since 1970
   */
  synchronized void measured(long before, long after, long millis) {
    long middle = before + (after - before) / 2;
    double error = 500 + TimeUnit.NANOSECONDS.toMicros(after - before) / 2.0;
    Measurement fresh = new Measurement(middle, 1000 * millis + 500, error);
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

  /** By how many microseconds it can be off. */
  double error() {
    Measurement measurement = best;
    return measurement == null ? Double.MAX_VALUE : measurement.errorAt(System.nanoTime());
  }

  /** The server's time in microseconds since 1970. */
  long micros() {
    Measurement measurement = best;
    if (measurement == null) {
      throw new IllegalStateException("the server's time was not measured yet");
    }
    long micros = measurement.microsAt(System.nanoTime());
    return last.updateAndGet(
        before -> micros < before && before - micros < STEP_MICROS ? before : micros);
  }

  /** The server's time in milliseconds since 1970. */
  long millis() {
    return Math.floorDiv(micros(), 1000);
  }

  Instant now() {
    return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
  }
}
