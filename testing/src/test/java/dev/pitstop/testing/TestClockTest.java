package dev.pitstop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TestClockTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  @Test
  void standsStillUntilMoved() {
    TestClock clock = TestClock.create();
    assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());
    assertThat(clock.advance(Duration.ofNanos(5))).isEqualTo(START.plusNanos(5));
    assertThat(clock.instant()).isEqualTo(START.plusNanos(5));
    assertThat(clock.millis()).isEqualTo(START.toEpochMilli());
  }

  @Test
  void isSetForwardAndBack() {
    TestClock clock = TestClock.at(START);
    clock.set(START.minusSeconds(1));
    assertThat(clock.instant()).isEqualTo(START.minusSeconds(1));
  }

  @Test
  void isNotAdvancedBackwards() {
    TestClock clock = TestClock.at(START);
    assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-0.001S");
  }

  @Test
  void losesNoAdvanceOfManyThreads() {
    TestClock clock = TestClock.at(START);
    CompletableFuture<?>[] threads =
        IntStream.range(0, 8)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> IntStream.range(0, 1000).forEach(i -> advance(clock)),
                        work -> new Thread(work).start()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(threads).join();
    assertThat(clock.instant()).isEqualTo(START.plusMillis(8000));
  }

  private static void advance(TestClock clock) {
    clock.advance(Duration.ofMillis(1));
  }
}
