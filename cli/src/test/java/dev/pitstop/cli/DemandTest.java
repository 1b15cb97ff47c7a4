package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemandTest {
  private static final int MIB = 1 << 20;

  private final Demand demand = new Demand(256);

  @Test
  void itBeginsWithFewAndGrowsWhileBodiesAreSmall() {
    int inHands = demand.more();
    assertThat(inHands).isEqualTo(16);

    for (int i = 0; i < 1_000; i++) {
      demand.came(100);
      demand.over();
      inHands += demand.more() - 1;
    }
    assertThat(inHands).isEqualTo(256);
  }

  @Test
  void E07_largeBodiesTakeABoundedRoomFromTheFirstOn() {
    int inHands = demand.more();
    for (int i = 0; i < 1_000; i++) {
      demand.came(MIB);
      assertThat(inHands).isLessThanOrEqualTo(32);
      demand.over();
      inHands += demand.more() - 1;
    }
    assertThat(inHands).isEqualTo(32);
  }

  @Test
  void E07_oneLargeBodyIsRememberedForAWhile() {
    itBeginsWithFewAndGrowsWhileBodiesAreSmall();

    demand.came(MIB);
    for (int i = 0; i < 250; i++) {
      demand.over();
    }
    assertThat(demand.more()).isEqualTo(32 - 6);
  }
}
