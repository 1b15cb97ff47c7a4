package dev.pitstop.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Option;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0s, now, now",
    "499ms, now, now",
    "500ms, in 1 s, 1 s ago",
    "99s, in 99 s, 99 s ago",
    "100s, in 2 min, 2 min ago",
    "14m10s, in 14 min, 14 min ago",
    "90m, in 90 min, 90 min ago",
    "3h10m, in 3 h, 3 h ago",
    "47h, in 47 h, 47 h ago",
    "48h, in 2 d, 2 d ago",
    "400d, in 400 d, 400 d ago",
    "3653d, in 10 y, 10 y ago"
  })
  void distancesAreForPeople(String duration, String ahead, String back) {
    var distance = Option.parseDuration("distance", duration);

    assertThat(Times.distance(NOW.plus(distance), NOW)).isEqualTo(ahead);
    assertThat(Times.distance(NOW.minus(distance), NOW)).isEqualTo(back);
  }

  @Test
  void timesHaveThreeDecimals() {
    assertThat(Times.iso(NOW)).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(Times.iso(Instant.parse("9999-12-31T23:59:59.999Z")))
        .isEqualTo("9999-12-31T23:59:59.999Z");
  }
}
