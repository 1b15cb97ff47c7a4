package dev.pitstop.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Quantiles are right to an eighth. */
final class QuantileTest {
  @Test
  void nothingIsZero() {
    assertThat(new Quantile().of(0.99)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aQuantileIsTheLargestOfThatPart() {
    Quantile times = new Quantile();
    for (int i = 1; i <= 1_000; i++) {
      times.record(TimeUnit.MILLISECONDS.toNanos(i));
    }
    assertThat(times.of(0.99)).isBetween(Duration.ofMillis(990), Duration.ofMillis(990 * 9 / 8));
    assertThat(times.of(0.5)).isBetween(Duration.ofMillis(500), Duration.ofMillis(500 * 9 / 8));
    assertThat(times.of(1)).isBetween(Duration.ofMillis(1_000), Duration.ofMillis(1_125));
  }

  @Test
  void eachNumberLiesInItsBucket() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      long micros = random.nextLong() >>> random.nextInt(1, 63);
      int bucket = Quantile.bucket(micros);
      assertThat(Quantile.most(bucket))
          .as("seed %s: %s", seed, micros)
          .isGreaterThanOrEqualTo(micros);
      assertThat(Quantile.most(bucket) - micros)
          .as("seed %s: %s", seed, micros)
          .isLessThanOrEqualTo(Math.max(0, micros / 8));
      assertThat(bucket == 0 ? -1 : Quantile.most(bucket - 1)).isLessThan(micros);
    }
  }
}
