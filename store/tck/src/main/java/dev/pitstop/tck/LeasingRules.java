package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.State;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** E03, E04 and E05: leases and their tokens. */
interface LeasingRules extends Rules {
  @Test
  default void E03_leasedMessageIsHiddenFromOthers() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.find("a").state()).isEqualTo(State.LEASED);
    assertThat(t.find("a").lease()).isEqualTo(leased.lease());
    t.put(t.due("b"));
    assertThat(t.leaseIds(10)).containsExactly("b");
  }

  @Test
  default void E03_leasedMessageIsHiddenUntilItsLeaseEnds() {
    Trial t = trial();
    t.put(t.due("a"));
    Instant until = t.leaseOnly(t.spans(2)).leased().until();
    t.passUntil(until.minus(t.spans(1)));
    List<Entry> early = t.lease(10);
    t.stillBefore(until);
    assertThat(early).isEmpty();
    t.passUntil(until);
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void E03_leaseLastsFromNow() {
    Trial t = trial();
    t.put(t.later("a", 1));
    t.passUntil(t.in(3));
    Instant before = t.now();
    Instant until = t.leaseOnly(Duration.ofMinutes(10)).leased().until();
    Instant after = t.store().now().plus(t.tolerance());
    assertThat(until)
        .isBetween(before.plus(Duration.ofMinutes(10)), after.plus(Duration.ofMinutes(10)));
  }

  @Test
  default void E03_leasesOfOneMillisecondAndOfCenturiesCount() {
    Trial t = trial();
    t.put(t.due("short"), t.due("long"));
    assertThat(t.leaseIds(1)).containsExactly("short");
    Duration centuries = Duration.ofDays(146_097);
    Entry kept = t.lease(1, centuries).get(0);
    assertThat(kept.leased().until()).isAfterOrEqualTo(t.now().minus(t.spans(10)).plus(centuries));
    assertThat(t.settle(Trial.extend(kept, Duration.ofMillis(1)))).isTrue();
    t.pass(Duration.ofMillis(1));
    assertThat(t.leaseIds(10)).containsExactly("long");
  }

  @Test
  default void E03_manyLeasesRunOutAtOnce() {
    Trial t = trial();
    Instant due = t.now();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      samples.add(new Sample("m" + i, due));
    }
    t.putAll(samples);
    List<Entry> leased = t.lease(2_000, t.spans(2));
    assertThat(leased).hasSize(2_000);
    assertThat(t.settle(Trial.delete(leased.get(7)))).isTrue();
    t.passUntil(leased.get(0).leased().until());
    List<String> left = new ArrayList<>(Trial.ids(leased));
    left.remove(7);
    List<String> again = new ArrayList<>(t.leaseIds(300));
    again.addAll(t.leaseIds(5_000));
    assertThat(again).isEqualTo(left);
  }

  @Test
  default void E03_anotherProcessDoesNotGetWhatIsLeased() {
    Trial t = trial();
    t.needs("E03 between processes", Capability.SHARED);
    Store other = t.open();
    t.put(t.due("a"), t.due("b"));
    Entry first = t.lease(1).get(0);
    assertThat(Trial.ids(other.lease(Trial.QUEUE, 10, Trial.LONG))).containsExactly("b");
    assertThat(other.settle(List.of(Trial.delete(first)))).containsExactly(true);
    assertThat(t.settle(Trial.delete(first))).isFalse();
  }

  @Test
  default void E03_leaseOutlivesTheProcess() {
    Trial t = trial();
    t.put(t.due("kept"), t.due("settled"), t.due("waiting"));
    List<Entry> leased = t.lease(2, t.spans(4));
    t.reopen("E03");
    assertThat(t.leaseIds(10)).containsExactly("waiting");
    assertThat(t.find("kept").lease()).isEqualTo(leased.get(0).lease());
    assertThat(t.settle(Trial.delete(leased.get(1)))).isTrue();
    t.passUntil(leased.get(0).leased().until());
    Entry again = t.leaseOnly();
    assertThat(again.key().id()).isEqualTo("kept");
    assertThat(again.progress().attempts()).isEqualTo(2);
    assertThat(again.leased().token()).isGreaterThan(leased.get(0).leased().token());
  }

  @Test
  default void E04_eachLeaseHasALargerToken() {
    Trial t = trial();
    t.put(t.due("a"));
    tokensGrow(
        t,
        leased -> t.settle(Trial.release(leased)),
        leased -> t.settle(Trial.move(leased, Progress.starting(t.now()))),
        leased -> t.passUntil(leased.leased().until()),
        leased -> {
          t.settle(Trial.bury(leased, "aside"));
          t.store().requeue(leased.key());
        },
        leased -> {
          t.settle(Trial.extend(leased, t.spans(1)));
          t.passUntil(t.find("a").leased().until());
        });
  }

  @Test
  default void E04_tokensGrowOverReplacing() {
    Trial t = trial();
    t.put(t.due("a"));
    tokensGrow(
        t,
        leased -> t.put(t.due("a")),
        leased -> {
          t.settle(Trial.release(leased));
          t.put(t.due("a"));
        });
  }

  @Test
  default void E04_tokensGrowOverRemovingAndStoringAgain() {
    Trial t = trial();
    t.put(t.due("a"));
    tokensGrow(
        t,
        leased -> {
          t.store().remove(List.of(leased.key()));
          t.put(t.due("a"));
        },
        leased -> {
          t.settle(Trial.delete(leased));
          t.put(t.due("a"));
        },
        leased -> {
          t.store().purge(Trial.QUEUE);
          t.put(t.due("a"));
        });
  }

  @Test
  default void E04_tokensGrowOverReopening() {
    Trial t = trial();
    t.needs("E04 over reopening", Capability.SURVIVES_KILL);
    t.put(t.due("a"));
    tokensGrow(
        t,
        leased -> {
          t.reopen("E04");
          t.passUntil(leased.leased().until());
        },
        leased -> {
          t.settle(Trial.release(leased));
          t.reopen("E04");
        },
        leased -> {
          t.settle(Trial.delete(leased));
          t.reopen("E04");
          t.put(t.due("a"));
        },
        leased -> {
          t.store().purge(Trial.QUEUE);
          t.reopen("E04");
          t.put(t.due("a"));
        });
  }

  /** Leases a message after each step that frees it, three times over. */
  @SafeVarargs
  private static void tokensGrow(Trial t, Consumer<Entry>... steps) {
    List<Long> tokens = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (Consumer<Entry> step : steps) {
        Entry leased = t.leaseOnly(t.spans(1));
        tokens.add(leased.leased().token());
        step.accept(leased);
      }
    }
    tokens.add(t.leaseOnly().leased().token());
    assertThat(tokens).as("tokens in the order of the leases").isSorted().doesNotHaveDuplicates();
  }

  @Test
  default void E05_eachLeaseCountsAsAnAttempt() {
    Trial t = trial();
    t.put(t.due("a"));
    for (int attempt = 1; attempt <= 4; attempt++) {
      Entry leased = t.leaseOnly(t.spans(1));
      assertThat(leased.progress().attempts()).isEqualTo(attempt);
      assertThat(t.find("a").progress().attempts()).isEqualTo(attempt);
      t.passUntil(leased.leased().until());
    }
    assertThat(t.find("a").progress().attempts()).isEqualTo(4);
  }

  @Test
  default void E05_attemptsOutliveTheProcess() {
    Trial t = trial();
    t.put(t.due("a"));
    t.reopen("E05");
    for (int attempt = 1; attempt <= 3; attempt++) {
      Entry leased = t.leaseOnly(t.spans(1));
      assertThat(leased.progress().attempts()).isEqualTo(attempt);
      t.reopen("E05");
      assertThat(t.find("a").progress().attempts()).isEqualTo(attempt);
      t.passUntil(leased.leased().until());
    }
  }

  @Test
  default void E05_extendedLeaseLastsFromNow() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly(t.spans(3));
    t.pass(t.spans(1));
    Instant before = t.now();
    boolean extended = t.settle(Trial.extend(leased, t.spans(6)));
    t.stillBefore(leased.leased().until());
    assertThat(extended).isTrue();
    Entry longer = t.find("a");
    assertThat(longer.leased().token()).isEqualTo(leased.leased().token());
    assertThat(longer.progress()).isEqualTo(leased.progress());
    assertThat(longer.leased().until())
        .isBetween(before.plus(t.spans(6)), t.store().now().plus(t.tolerance()).plus(t.spans(6)));
    t.passUntil(leased.leased().until());
    List<Entry> early = t.lease(10);
    t.stillBefore(longer.leased().until());
    assertThat(early).isEmpty();
    t.passUntil(longer.leased().until());
    assertThat(t.leaseOnly().progress().attempts()).isEqualTo(2);
  }

  @Test
  default void E05_extendingMayShortenALease() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly();
    assertThat(t.settle(Trial.extend(leased, t.spans(1)))).isTrue();
    assertThat(t.find("a").leased().until())
        .isBefore(leased.leased().until())
        .isBeforeOrEqualTo(t.store().now().plus(t.tolerance()).plus(t.spans(1)));
    t.passUntil(t.find("a").leased().until());
    assertThat(t.leaseIds(10)).containsExactly("a");
  }

  @Test
  default void E05_extendingRevivesALeaseThatRanOutUnlessAnotherHasIt() {
    Trial t = trial();
    t.put(t.due("a"));
    Entry leased = t.leaseOnly(t.spans(1));
    t.passUntil(leased.leased().until());
    assertThat(t.settle(Trial.extend(leased, Trial.LONG))).isTrue();
    assertThat(t.lease(10)).isEmpty();
    assertThat(t.find("a").state()).isEqualTo(State.LEASED);
    assertThat(t.settle(Trial.extend(leased, t.spans(1)))).isTrue();
    t.passUntil(t.find("a").leased().until());
    Entry another = t.leaseOnly();
    assertThat(t.settle(Trial.extend(leased, Trial.LONG))).isFalse();
    assertThat(t.find("a").lease()).isEqualTo(another.lease());
  }

  @Test
  default void E05_manyLeasesAreExtendedInOneCall() {
    Trial t = trial();
    for (int i = 0; i < 200; i++) {
      t.put(t.due("m" + i));
    }
    List<Entry> leased = t.lease(200, t.spans(1));
    List<Entry> extended = leased.stream().filter(e -> !e.key().id().endsWith("7")).toList();
    assertThat(t.store().settle(extended.stream().map(e -> Trial.extend(e, Trial.LONG)).toList()))
        .hasSize(180)
        .containsOnly(true);
    t.passUntil(leased.get(199).leased().until());
    assertThat(t.leaseIds(200)).hasSize(20).allSatisfy(id -> assertThat(id).endsWith("7"));
    assertThat(t.store().settle(extended.stream().map(Trial::delete).toList()))
        .hasSize(180)
        .containsOnly(true);
  }
}
