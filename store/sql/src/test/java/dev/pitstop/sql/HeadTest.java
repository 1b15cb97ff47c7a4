package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Where looks begin. Due times and the ends of leases are milliseconds from now. */
final class HeadTest {
  private static final long DUE = 1_000;
  private static final long NOW = 5_000;
  private static final long END = 900_000;

  private final Head head = new Head();

  private static Row row(long due, long seq, long end) {
    Entry entry =
        new Entry(
            new Key("q", "m" + seq),
            new Payload(new byte[0], "text/plain", Map.of()),
            null,
            State.LEASED,
            Progress.starting(Instant.ofEpochMilli(due)),
            new Lease(seq, Instant.ofEpochMilli(end)));
    return new Row(entry, new Position(due, seq), seq, null);
  }

  /** A thousand of one due time, of which more are left. */
  private static List<Row> thousand(long firstSeq) {
    return LongStream.range(firstSeq, firstSeq + 1_000).mapToObj(s -> row(DUE, s, END)).toList();
  }

  /** A backlog is taken and the mark is behind its first thousand. */
  private void takeABacklog() {
    head.leased(head.begin(NOW), thousand(1), true);
    assertThat(head.begin(NOW).from()).isEqualTo(new Position(DUE, 1_000));
  }

  private Position nextLook() {
    Head.Look look = head.begin(NOW);
    head.failed(look);
    return look.from();
  }

  @Test
  void T03_whatIsPutBackAmongOthersOfItsDueTimeIsBehindTheMark() {
    takeABacklog();
    Notice notice = new Notice();
    notice.addAmong("q", DUE);
    notice.earliest().forEach((queue, due) -> head.lower(due));
    assertThat(nextLook()).isLessThan(new Position(DUE, 1)).isNotEqualTo(Position.START);
  }

  @Test
  void whatIsPutAtTheDueTimeOfABacklogLeavesTheMark() {
    takeABacklog();
    Position before = head.furthest();
    head.put(DUE, before);
    head.lower(DUE); // as a notice tells it once more
    assertThat(nextLook()).isEqualTo(before);
  }

  @Test
  void whatIsPutWhileOthersOfItsDueTimeAreLeasedIsBehindTheMark() {
    takeABacklog();
    Position before = head.furthest();
    head.leased(head.begin(NOW), thousand(2_001), true);
    head.put(DUE, before);
    assertThat(nextLook()).isEqualTo(before);
  }

  @Test
  void whatIsPutDuringALookIsBehindTheMarkAfterIt() {
    takeABacklog();
    Position before = head.furthest();
    Head.Look look = head.begin(NOW);
    head.put(DUE, before);
    head.leased(look, thousand(2_001), true);
    assertThat(nextLook()).isEqualTo(before);
  }

  @Test
  void whatIsDueSoonerThanTheMarkLowersIt() {
    takeABacklog();
    head.put(DUE - 1, head.furthest());
    assertThat(nextLook()).isEqualTo(new Position(DUE - 1, 0));
  }

  @Test
  void looksFromTheMarkThatSeeSomethingLeaveIt() {
    takeABacklog();
    Head.Look other = head.begin(NOW);
    head.seen(head.begin(NOW), DUE);
    head.leased(other, List.of(), true);
    assertThat(nextLook()).isEqualTo(head.furthest());
  }

  @Test
  void E05_leaseThatRunsOutIsLookedForAlsoWhileABacklogIsTaken() {
    head.leased(head.begin(NOW), List.of(row(DUE, 1, NOW + 50)), true);
    head.leased(head.begin(NOW), thousand(2), true);
    assertThat(head.untilFull(NOW + 49)).isPositive();
    assertThat(head.untilFull(NOW + 50)).isZero();
  }

  @Test
  void E05_leaseTakenDuringALookFromTheStartIsLookedForWhenItRunsOut() {
    Head.Look full = head.begin(NOW);
    head.leased(head.begin(NOW), List.of(row(DUE, 1, NOW + 50)), true);
    head.leased(full, thousand(2), true);
    assertThat(head.untilFull(NOW + 50)).isZero();
  }

  @Test
  void E05_lookThatFailedHasNotSeenWhatRanOut() {
    head.leased(head.begin(NOW), List.of(row(DUE, 1, NOW + 50)), true);
    head.leased(head.begin(NOW), thousand(2), true);
    head.failed(head.begin(NOW + 500));
    head.leased(head.begin(NOW), thousand(1_002), true);
    assertThat(head.untilFull(NOW + 500)).isZero();
  }

  @Test
  void E05_lookFromTheStartHasSeenWhatRanOut() {
    head.leased(head.begin(NOW), List.of(row(DUE, 1, NOW + 50)), true);
    head.leased(head.begin(NOW), thousand(2), true);
    head.leased(head.begin(NOW + 500), thousand(1_002), true);
    assertThat(head.untilFull(NOW + 500)).isPositive();
  }

  @Test
  void looksFromTheStartThatTakeLongAreATwentiethOfTheTimeAlsoWhenTheyFindSomething() {
    long cost = TimeUnit.MILLISECONDS.toNanos(20);
    for (int i = 0; i < 4; i++) {
      assertThat(head.untilFull(NOW)).isZero();
      Head.Look look = head.begin(NOW);
      LockSupport.parkNanos(cost);
      head.leased(look, List.of(row(DUE, 1, END)), false);
    }
    assertThat(head.untilFull(NOW)).isBetween(cost, 1_000 * cost);
    assertThat(head.begin(NOW).isFull()).isFalse();
  }

  @Test
  void endsOfLeasesThatAreManyArePutTogether() {
    LeaseEnds ends = new LeaseEnds();
    long length = 64_000;
    for (long now = 0; now < 200_000; now++) {
      ends.add(now, now + length);
      assertThat(ends.size()).isLessThan(500);
    }
    assertThat(ends.first()).isEqualTo(length);
    for (long end = length; end < 200_000 + length; end++) {
      ends.seen(end - 1 + 100);
      assertThat(ends.first()).as("first end after %s", end).isBetween(end, end + length / 64);
    }
  }
}
