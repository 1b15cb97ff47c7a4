package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LiveLeasesTest {
  private static final Instant T = Instant.parse("2030-01-01T00:00:00Z");
  private final LiveLeases leases = new LiveLeases();

  @Test
  void oneAfterTheOtherIsNoConflict() {
    leases.add("a", 1, T, T.plusMillis(5));
    leases.add("a", 3, T.plusMillis(5), T.plusMillis(9));
    leases.add("b", 2, T, T.plusMillis(9));
    assertThat(leases.conflicts()).isEmpty();
    assertThat(leases.messages()).isEqualTo(2);
    assertThat(leases.leases()).isEqualTo(3);
  }

  @Test
  void twoAtOnceAreAConflict() {
    leases.add("a", 1, T, T.plusMillis(5));
    leases.add("a", 2, T.plusMillis(4), T.plusMillis(9));
    assertThat(leases.conflicts()).hasSize(1);
  }

  @Test
  void aTokenThatIsRepeatedOrSmallerIsAConflict() {
    leases.add("a", 1, T, T.plusMillis(5));
    leases.add("a", 1, T.plusMillis(6), T.plusMillis(9));
    leases.add("b", 2, T, T.plusMillis(5));
    leases.add("b", 1, T.plusMillis(6), T.plusMillis(9));
    assertThat(leases.conflicts()).hasSize(2);
  }
}
