package dev.pitstop.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is made of the times that a server gives. */
final class ServerClockTest {
  private static final long SERVER = 2_000_000_000_000L; // its time in milliseconds

  private final ServerClock clock = new ServerClock();
  private final long nanos = System.nanoTime();

  private void measured(long roundTripMillis, long millis) {
    clock.measured(
        nanos - TimeUnit.MILLISECONDS.toNanos(roundTripMillis), nanos, 1000 * millis, 1000);
  }

  private long ahead() {
    long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    return clock.millis() - passed - SERVER;
  }

  @Test
  void goesByTheMiddleOfTheRoundTrip() {
    measured(10, SERVER);
    assertThat(ahead()).isCloseTo(5, within(1L));
    assertThat(clock.error()).isBetween(5_500.0, 6_500.0);
  }

  @Test
  void shorterRoundTripCountsAndLongerOneDoesNot() {
    measured(10, SERVER);
    measured(2, SERVER + 7);
    assertThat(ahead()).isCloseTo(8, within(1L));
    measured(20, SERVER);
    assertThat(ahead()).isCloseTo(8, within(1L));
  }

  @Test
  void betterMeasurementDoesNotTurnItBack() {
    measured(100, SERVER);
    long before = clock.micros();
    measured(2, SERVER + 10);
    assertThat(clock.micros()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void serverWhoseClockWasSetIsFollowed() {
    measured(2, SERVER);
    measured(50, SERVER + 60_000);
    assertThat(ahead()).isCloseTo(60_025, within(1L));
    measured(50, SERVER - 60_000);
    assertThat(ahead()).isCloseTo(-59_975, within(1L));
  }
}
