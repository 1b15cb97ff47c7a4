package dev.pitstop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.testing.FaultyStore.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FaultyStoreTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private final FaultyStore store = FaultyStore.over(MemoryStore.on(TestClock.create()));

  @Test
  void isSoundWithoutFaults() {
    assertThat(put("a")).isEqualTo(PutResult.CREATED);
    assertThat(holds("a")).isTrue();
    assertThat(store.calls(Operation.PUT)).isOne();
    assertThat(store.calls(Operation.FIND)).isOne();
    assertThat(store.calls(Operation.LEASE)).isZero();
  }

  @Test
  void failsTheNthCallOnlyAndDoesNothing() {
    store.on(Operation.PUT).call(2).fail();
    put("a");
    assertFails(() -> put("b"), "PUT number 2");
    put("c");
    assertThat(holds("a")).isTrue();
    assertThat(holds("b")).isFalse();
    assertThat(holds("c")).isTrue();
    assertThat(store.calls(Operation.PUT)).isEqualTo(3);
  }

  @Test
  void losesTheReplyOfWhatIsDone() {
    store.on(Operation.PUT).calls(1, 2).loseReply();
    assertFails(() -> put("a"), "reply lost");
    assertFails(() -> put("b"), "reply lost");
    assertThat(put("a")).isEqualTo(PutResult.REPLACED);
    assertThat(holds("b")).isTrue();
  }

  @Test
  void failsEachOperationWhileSwitchedOn() {
    Fault away = store.onAll().always().fail();
    assertFails(() -> put("a"), "PUT");
    assertFails(() -> store.lease("q", 1, SOON), "LEASE");
    assertFails(() -> store.settle(List.of()), "SETTLE");
    assertFails(() -> store.remove(List.of()), "REMOVE");
    assertFails(() -> store.untilNextDue("q"), "UNTIL_NEXT_DUE");
    assertFails(() -> holds("a"), "FIND");
    assertFails(() -> store.list("q", Filter.ALL, Optional.empty(), 1), "LIST");
    assertFails(store::stats, "STATS");
    assertFails(() -> store.requeue(new Key("q", "a")), "REQUEUE");
    assertFails(() -> store.requeueAll("q"), "REQUEUE");
    assertFails(() -> store.purge("q"), "PURGE");
    away.close();
    put("a");
    assertThat(holds("a")).isTrue();
  }

  @Test
  void leavesOtherOperationsAlone() {
    store.on(Operation.LEASE, Operation.SETTLE).next().fail();
    put("a");
    assertFails(() -> store.lease("q", 1, SOON), "LEASE");
    assertThat(store.lease("q", 1, SOON)).hasSize(1);
    assertFails(() -> store.settle(List.of()), "SETTLE");
  }

  @Test
  void stallsUntilReleased() throws Exception {
    CompletableFuture<PutResult> call;
    try (Fault stall = store.on(Operation.PUT).next().stall(SOON)) {
      call = CompletableFuture.supplyAsync(() -> put("a"));
      assertThat(stall.awaitCall(SOON)).isTrue();
      assertThat(holds("a")).isFalse();
      assertThat(call).isNotDone();
    }
    assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(PutResult.CREATED);
    assertThat(holds("a")).isTrue();
  }

  @Test
  void stallsNoLongerThanItsLimit() {
    store.on(Operation.PUT).always().stall(Duration.ofMillis(1));
    assertFails(() -> put("a"), "stood still for PT0.001S");
    assertThat(holds("a")).isFalse();
  }

  @Test
  void refusesCallsThatAreNotCountedFromOne() {
    assertThatThrownBy(() -> store.on(Operation.PUT).call(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.on(Operation.PUT).calls(3, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private PutResult put(String id) {
    Payload payload = new Payload(new byte[0], "text/plain", Map.of());
    Progress progress = Progress.starting(Instant.EPOCH);
    Entry entry = Entry.scheduled(new Key("q", id), payload, null, progress);
    return store.put(List.of(new Put(entry, IfPresent.REPLACE, false))).get(0);
  }

  private boolean holds(String id) {
    return store.find(new Key("q", id)).isPresent();
  }

  private static void assertFails(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(message);
  }
}
