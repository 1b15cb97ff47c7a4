package dev.pitstop.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.testing.FaultyStore.Operation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F01 to F03: what callers and listeners live through while their store is away. */
@SuppressWarnings("try") // faults are ended by their closing alone
@Timeout(180)
class OutageTest {
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final ListenerOptions OPTIONS = ListenerOptions.defaults();

  private final FaultyStore store = FaultyStore.over(new MemoryStore());
  private final Pitstop pitstop =
      Pitstop.on(store, PitstopOptions.defaults().callTimeout(LIMIT).pollInterval(LIMIT));
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());
  private final BlockingQueue<Delivery<String>> received = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    pitstop.close(Duration.ZERO);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanos past a minute").isNegative();
      Thread.onSpinWait();
    }
  }

  private Delivery<String> next() throws InterruptedException {
    return Objects.requireNonNull(received.poll(60, TimeUnit.SECONDS), "a delivery in a minute");
  }

  /** Every call of a queue that asks the store, by name. */
  private static Map<String, Function<MessageQueue<String>, CompletableFuture<?>>> calls() {
    Map<String, Function<MessageQueue<String>, CompletableFuture<?>>> calls = new LinkedHashMap<>();
    Schedule hourly = Schedule.every(Duration.ofHours(1));
    calls.put("store at", queue -> queue.store("x", Instant.EPOCH));
    calls.put("store after", queue -> queue.store("x", Duration.ofHours(1)));
    calls.put("store recurring", queue -> queue.store("x", hourly));
    calls.put("store a message", queue -> queue.store(Message.of("x").id("x"), hourly));
    calls.put("remove", queue -> queue.remove("x"));
    calls.put("find", queue -> queue.find("x"));
    calls.put("list", queue -> queue.list(Filter.ALL, Optional.empty(), 10));
    calls.put("requeue", queue -> queue.requeue("x"));
    calls.put("requeueAll", MessageQueue::requeueAll);
    calls.put("purge", MessageQueue::purge);
    calls.put("stats", MessageQueue::stats);
    return calls;
  }

  private void everyCallFails() {
    calls()
        .forEach(
            (name, call) -> {
              long start = System.nanoTime();
              assertThatThrownBy(() -> call.apply(queue).join())
                  .as(name)
                  .cause()
                  .isInstanceOf(StoreUnavailableException.class);
              assertThat(Duration.ofNanos(System.nanoTime() - start))
                  .as(name)
                  .isLessThan(LIMIT.multipliedBy(20));
            });
    List<StoreResult> results =
        queue
            .storeAll(
                List.of(
                    Deferral.of(Message.of("a"), Schedule.in(LONG)),
                    Deferral.of(Message.of("b"), Schedule.in(LONG))))
            .join();
    assertThat(results)
        .hasSize(2)
        .allSatisfy(
            result ->
                assertThatThrownBy(result::orThrow).isInstanceOf(StoreUnavailableException.class));
    assertThatThrownBy(pitstop::stats).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void F01_everyCallFailsWithinTheLimitWhenTheStoreFails() {
    try (Fault away = store.onAll().always().fail()) {
      everyCallFails();
    }
    assertThat(queue.store("back", Instant.EPOCH).join().id()).isNotEmpty();
  }

  @Test
  void F01_everyCallFailsWithinTheLimitWhenTheStoreStalls() {
    try (Fault away = store.onAll().always().stall(LONG)) {
      everyCallFails();
    }
    assertThat(queue.store("back", Instant.EPOCH).join().id()).isNotEmpty();
  }

  @Test
  void F01_everyCallFailsWithinTheLimitWhenRepliesAreLost() {
    try (Fault away = store.onAll().always().loseReply()) {
      everyCallFails();
    }
  }

  @Test
  void F01_aCallbackThatTriesAgainAndWaitsHoldsUpNoTimeLimit() {
    Fault away = store.on(Operation.PUT).always().stall(LONG);
    CompletableFuture<String> tries =
        queue
            .store("x", Instant.EPOCH)
            .handle(
                (stored, failure) ->
                    queue.store("y", Instant.EPOCH).handle((s, f) -> "over").join());
    assertThat(tries.join()).isEqualTo("over");
    away.close();
  }

  @Test
  void F01_whatWaitsIsBoundedAndSoIsTheWaiting() {
    String large = "x".repeat(1_000_000);
    List<CompletableFuture<?>> calls = new ArrayList<>();
    try (Fault away = store.on(Operation.PUT).always().stall(LONG)) {
      long start = System.nanoTime();
      for (int i = 0; i < 80; i++) {
        calls.add(queue.store(large, Instant.EPOCH));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(LIMIT.dividedBy(2));
      calls.forEach(
          call ->
              assertThatThrownBy(call::join).cause().isInstanceOf(StoreUnavailableException.class));
    }
    assertThat(store.calls(Operation.PUT)).isLessThan(3);
    assertThat(queue.store(large, Duration.ofHours(1)).join().id()).isNotEmpty();
  }

  @Test
  void F01_moreQuestionsThanAThousandAreRefusedAtOnce() {
    List<CompletableFuture<?>> asked = new ArrayList<>();
    try (Fault away = store.on(Operation.FIND).always().stall(LONG)) {
      IntStream.range(0, 1_001).forEach(i -> asked.add(queue.find("x")));
      assertThatThrownBy(() -> asked.get(1_000).join())
          .cause()
          .isInstanceOf(StoreUnavailableException.class);
    }
    await(() -> queue.find("x").handle((found, failure) -> failure == null).join());
  }

  @Test
  void F02_aListenerGoesOnByItselfAndSaysOnceThatItChanged() throws InterruptedException {
    Listener listener = queue.listen(received::add);
    queue.store("before", Instant.EPOCH).join();
    assertThat(next().body()).isEqualTo("before");
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(log, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
    try {
      for (Operation operation : List.of(Operation.LEASE, Operation.UNTIL_NEXT_DUE)) {
        long calls = store.calls(operation);
        Fault away = store.on(operation).always().fail();
        await(() -> store.calls(operation) >= calls + 4);
        assertThat(listener.health().healthy()).isFalse();
        assertThat(listener.health().trouble().orElseThrow()).contains("made to fail");
        Instant since = listener.health().since();
        await(() -> store.calls(operation) >= calls + 5);
        assertThat(listener.health().since()).isEqualTo(since);
        away.close();
        await(() -> listener.health().healthy());
        assertThat(listener.health().trouble()).isEmpty();
        assertThat(listener.health().since()).isAfter(since);
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).filteredOn(line -> line.contains("cannot reach the store")).hasSize(2);
    assertThat(lines).filteredOn(line -> line.contains("the store is back")).hasSize(2);
    queue.store("after", Instant.EPOCH).join();
    assertThat(next().body()).isEqualTo("after");
  }

  @Test
  void F02_aListenerOfAStoreThatStandsStillSaysSoAndGoesOn() throws InterruptedException {
    Listener listener = queue.listen(received::add);
    Fault away = store.on(Operation.LEASE).always().stall(LONG);
    assertThat(away.awaitCall(Duration.ofSeconds(60))).isTrue();
    await(() -> !listener.health().healthy());
    assertThat(listener.health().trouble().orElseThrow()).contains("no answer for PT0.3S");
    away.close();
    await(() -> listener.health().healthy());
    queue.store("after", Instant.EPOCH).join();
    assertThat(next().body()).isEqualTo("after");
  }

  @Test
  void F02_aMessageWhoseAckWasNotWrittenComesAgain() throws InterruptedException {
    queue.listen(OPTIONS.concurrency(1).leaseTime(Duration.ofMillis(400)), received::add);
    for (int i = 0; i < 30; i++) {
      Fault away = store.on(Operation.SETTLE).next().fail();
      queue.store("x" + i, Instant.EPOCH).join();
      assertThat(next().attempt()).isEqualTo(1);
      assertThat(away.awaitCall(Duration.ofSeconds(60))).isTrue();
    }
    for (int i = 0; i < 30; i++) {
      assertThat(next().attempt()).isEqualTo(2);
    }
    await(() -> queue.stats().join().leased() + queue.stats().join().scheduled() == 0);
  }

  @Test
  void F02_settlesThatStallHoldUpNoListenerForEver() throws InterruptedException {
    queue.listen(OPTIONS.concurrency(1).prefetch(0), received::add);
    try (Fault away = store.on(Operation.SETTLE).always().stall(LONG)) {
      for (int i = 0; i < 20; i++) {
        queue.store("x" + i, Instant.EPOCH).join();
      }
      for (int i = 0; i < 20; i++) {
        next();
      }
    }
  }

  @Test
  void F02_aSettleThatFailedMayBeTriedAgain() throws InterruptedException {
    queue.listen(OPTIONS.manualAck(), received::add);
    queue.store("x", Instant.EPOCH).join();
    Delivery<String> delivery = next();
    try (Fault away = store.on(Operation.SETTLE).always().fail()) {
      assertThatThrownBy(() -> delivery.ack().join())
          .cause()
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(delivery.ack().join()).isTrue();
    assertThat(queue.counters().acked()).isEqualTo(1);
  }

  @Test
  void F03_whatNothingCanBeMadeOfIsBuriedAndBlocksNoOther() throws InterruptedException {
    List<String> bad =
        List.of(
            "", "every", "every PT0S", "cron x zone UTC", "at 2030", "cron 0 0 * * * zone Mars/X");
    Payload payload = new Payload(new byte[0], "text/plain", Map.of());
    for (String schedule : bad) {
      Entry entry =
          Entry.scheduled(
              new Key("q", "bad " + schedule), payload, schedule, Progress.starting(Instant.EPOCH));
      store.put(List.of(new Put(entry, IfPresent.REPLACE, false)));
    }
    queue.store("good", Instant.EPOCH).join();
    queue.listen(received::add);
    assertThat(next().body()).isEqualTo("good");
    await(() -> queue.counters().buried() == bad.size());
    Entry buried = store.find(new Key("q", "bad every")).orElseThrow();
    assertThat(buried.progress().lastError()).contains("schedule cannot be read");
    assertThat(buried.progress().attempts()).isZero();
  }

  @Test
  void E07_whatIsSettledInPlaceIsBoundedToo() throws InterruptedException {
    Payload payload = new Payload(new byte[0], "text/plain", Map.of());
    List<Put> ended = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Entry entry =
          Entry.scheduled(
              new Key("q", "m" + i),
              payload,
              "every PT1H from 2000-01-01T00:00:00Z until 2001-01-01T00:00:00Z",
              Progress.starting(Instant.parse("2000-01-01T00:00:00Z")));
      ended.add(new Put(entry, IfPresent.REPLACE, false));
    }
    store.put(ended);
    Fault away = store.on(Operation.SETTLE).call(1).stall(LONG);
    Pitstop patient =
        Pitstop.on(store, PitstopOptions.defaults().pollInterval(LIMIT.dividedBy(10)));
    MessageQueue<String> ending = patient.queue("q", Codec.text());
    ending.listen(OPTIONS.concurrency(100).prefetch(1_000), received::add);
    pitstop
        .queue("other", Codec.text())
        .listen(OPTIONS.manualAck().concurrency(100), received::add);
    for (int i = 0; i < 20; i++) {
      pitstop.queue("other", Codec.text()).store("later", LIMIT.dividedBy(10)).join();
      next();
    }
    assertThat(ending.stats().join().leased()).isBetween(1_000L, 3_000L);
    away.close();
    await(() -> ending.counters().ended() == 20_000);
    patient.close(Duration.ZERO);
  }

  @Test
  void H02_closingWhileTheStoreStandsStillFailsWhatIsUnderWay() {
    queue.listen(received::add);
    Fault away = store.onAll().always().stall(LONG);
    List<CompletableFuture<?>> calls = new ArrayList<>();
    calls().values().forEach(call -> calls.add(call.apply(queue)));
    pitstop.close(Duration.ZERO);
    calls.forEach(
        call ->
            assertThatThrownBy(call::join).cause().isInstanceOf(StoreUnavailableException.class));
    away.close();
  }
}
