package dev.pitstop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteCombinerTest {
  private static final Duration LINGER = Duration.ofNanos(50_000);

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void shutDown() {
    gate.countDown();
    executor.shutdownNow();
  }

  private WriteCombiner<Integer, String> combiner(Duration timeout) {
    return new WriteCombiner<>("write", this::write, executor, timeout, LINGER);
  }

  /** Writes the first batch only once the gate is open. */
  private List<String> write(List<Integer> batch) {
    boolean first = batches.isEmpty();
    batches.add(batch);
    if (first) {
      await(gate);
    }
    if (batch.contains(-1)) {
      throw new IllegalStateException("bad batch");
    }
    return batch.stream().map(number -> "n" + number).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static class Answering extends WriteCombiner.Call<Integer, String> {
    final CompletableFuture<String> answer = new CompletableFuture<>();
    private final long made = System.nanoTime();

    Answering(int number) {
      super(number);
    }

    @Override
    void done(String result) {
      answer.complete(result);
    }

    @Override
    void failed(PitstopException failure) {
      answer.completeExceptionally(failure);
    }

    boolean isOlderThan(Duration age) {
      return System.nanoTime() - made > age.toNanos();
    }
  }

  private static CompletableFuture<String> submit(
      WriteCombiner<Integer, String> combiner, int number, int bytes) {
    Answering call = new Answering(number);
    combiner.submitWithin(call, bytes);
    return call.answer;
  }

  @Test
  void callsThatComeDuringAWriteAreTheNextWrite() throws InterruptedException {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    List<CompletableFuture<String>> answers = new ArrayList<>();
    answers.add(submit(combiner, 0, 0));
    assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(0);
    batches.add(List.of());
    IntStream.range(1, 100).forEach(number -> answers.add(submit(combiner, number, 0)));
    gate.countDown();
    IntStream.range(0, 100)
        .forEach(number -> assertThat(answers.get(number).join()).isEqualTo("n" + number));
    assertThat(batches.poll()).isEmpty();
    assertThat(batches.poll()).isEqualTo(IntStream.range(1, 100).boxed().toList());
    assertThat(batches).isEmpty();
  }

  @Test
  void theThreadThatLingersWritesTheNextCall() {
    gate.countDown();
    AtomicInteger threads = new AtomicInteger();
    WriteCombiner<Integer, String> combiner =
        new WriteCombiner<>(
            "write",
            this::write,
            work -> {
              threads.incrementAndGet();
              executor.execute(work);
            },
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));
    int calls = 0;
    while (calls == threads.get() && calls < 10_000) { // a caller may be faster than its teller
      assertThat(submit(combiner, calls, 0).join()).isEqualTo("n" + calls);
      calls++;
    }
    assertThat(threads.get()).as("threads for %s calls", calls).isLessThan(calls);
    combiner.close(System.nanoTime());
  }

  @Test
  void aCallbackThatWaitsForAnotherWriteHoldsUpNothing() {
    gate.countDown();
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    CompletableFuture<String> chained =
        submit(combiner, 1, 0).thenApply(first -> first + submit(combiner, 2, 0).join());
    assertThat(chained.join()).isEqualTo("n1n2");
  }

  @Test
  void aBatchThatFailsFailsItsCallsAndNoOthers() {
    gate.countDown();
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    assertThatThrownBy(() -> submit(combiner, -1, 0).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("write failed")
        .hasMessageContaining("bad batch");
    assertThat(submit(combiner, 5, 0).join()).isEqualTo("n5");
  }

  @Test
  void F01_aCallFailsWithinItsTimeLimit() {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofMillis(200));
    CompletableFuture<String> underWay = submit(combiner, 1, 0);
    CompletableFuture<String> pending = submit(combiner, 2, 0);
    while (!underWay.isDone() || !pending.isDone()) {
      combiner.expire(Duration.ofMillis(10));
      Thread.onSpinWait();
    }
    for (CompletableFuture<String> late : List.of(underWay, pending)) {
      assertThatThrownBy(late::join)
          .cause()
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessage("write got no answer within the call timeout of PT0.2S");
    }
    gate.countDown();
    assertThat(submit(combiner, 3, 0).join()).isEqualTo("n3");
  }

  @Test
  void F01_aCallerThatFindsNoRoomWaitsNoLongerThanACallMay() {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofMillis(200));
    CompletableFuture<String> large = submit(combiner, 1, Integer.MAX_VALUE);
    CompletableFuture<String> refused = submit(combiner, 2, Integer.MAX_VALUE);
    assertThatThrownBy(refused::join).cause().isInstanceOf(StoreUnavailableException.class);
    gate.countDown();
    assertThat(large.join()).isEqualTo("n1");
    assertThat(submit(combiner, 3, Integer.MAX_VALUE).join()).isEqualTo("n3");
    assertThat(batches).doesNotContain(List.of(2));
  }

  @Test
  void H02_closingFinishesWhatIsUnderWayAndRefusesTheRest() throws InterruptedException {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    CompletableFuture<String> first = submit(combiner, 1, 0);
    CompletableFuture<String> second = submit(combiner, 2, 0);
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(
            () -> combiner.close(System.nanoTime() + TimeUnit.SECONDS.toNanos(60)), executor);
    CompletableFuture<String> third = submit(combiner, 3, 0);
    while (!third.isCompletedExceptionally()) {
      third = submit(combiner, 3, 0);
    }
    gate.countDown();
    closing.join();
    assertThat(first.join()).isEqualTo("n1");
    assertThat(second.join()).isEqualTo("n2");
    assertThatThrownBy(third::join)
        .cause()
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("write failed: Pitstop is closed");
  }

  @Test
  void aCallbackThatWaitsForOneOfItsOwnBatchHoldsItUpNotForEver() throws InterruptedException {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    CompletableFuture<String> first = submit(combiner, 0, 0);
    assertThat(batches.poll(60, TimeUnit.SECONDS)).containsExactly(0);
    batches.add(List.of());
    CompletableFuture<String> one = submit(combiner, 1, 0);
    CompletableFuture<String> two = submit(combiner, 2, 0);
    CompletableFuture<String> both = one.thenApply(answer -> answer + two.join());
    gate.countDown();
    assertThat(first.join()).isEqualTo("n0");
    while (!both.isDone()) {
      combiner.expire(Duration.ZERO);
    }
    assertThat(both.join()).isEqualTo("n1n2");
  }

  @Test
  void F01_whoLooksForLateCallsIsNotHeldUpByWhatTheirCallersDo() throws InterruptedException {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofMillis(100));
    CompletableFuture<String> stuck = submit(combiner, 1, 0);
    CountDownLatch told = new CountDownLatch(1);
    CompletableFuture<String> retried =
        stuck.exceptionally(
            failure -> {
              told.countDown();
              return submit(combiner, 2, 0).join();
            });
    while (told.getCount() > 0) {
      combiner.expire(Duration.ofMillis(10));
    }
    gate.countDown();
    assertThat(retried.join()).isEqualTo("n2");
  }

  @Test
  void F01_whatHasWaitedForRoomBehindNewerCallsIsNotLateForThat() {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofMillis(200));
    Answering old = new Answering(2);
    Await.until(() -> old.isOlderThan(Duration.ofMillis(150)));
    submit(combiner, 1, 0);
    CompletableFuture<String> newer = submit(combiner, 3, 0);
    combiner.submit(old);
    while (!old.answer.isDone()) {
      combiner.expire(Duration.ZERO);
    }
    assertThat(old.answer).isCompletedExceptionally();
    assertThat(newer).isNotDone();
  }

  @Test
  void aCallerThatCannotBeToldHarmsNoOther() {
    gate.countDown();
    batches.add(List.of());
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    List<Answering> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(
          i == 3
              ? new Answering(i) {
                @Override
                void done(String result) {
                  throw new IllegalStateException("cannot be told");
                }
              }
              : new Answering(i));
    }
    combiner.submitAllWithin(calls, Integer.MAX_VALUE);
    for (int i = 4; i < 10; i++) {
      assertThat(calls.get(i).answer.join()).isEqualTo("n" + i);
    }
    assertThat(submit(combiner, 11, Integer.MAX_VALUE).join()).isEqualTo("n11");
  }

  @Test
  void aWriteThatAnswersTooFewFailsItsCalls() {
    WriteCombiner<Integer, String> combiner =
        new WriteCombiner<>("write", batch -> List.of(), executor, Duration.ofSeconds(60), LINGER);
    assertThatThrownBy(() -> submit(combiner, 1, 0).join())
        .cause()
        .hasMessage("write failed: 0 answers to 1 calls");
  }

  @Test
  void whatNoThreadCouldBeHadForIsWrittenLater() {
    gate.countDown();
    AtomicInteger refusals = new AtomicInteger(1);
    WriteCombiner<Integer, String> combiner =
        new WriteCombiner<>(
            "write",
            this::write,
            work -> {
              if (refusals.getAndDecrement() > 0) {
                throw new OutOfMemoryError("no thread");
              }
              executor.execute(work);
            },
            Duration.ofSeconds(60),
            LINGER);
    CompletableFuture<String> answer = submit(combiner, 1, 0);
    assertThat(answer).isNotDone();
    combiner.expire(Duration.ZERO);
    assertThat(answer.join()).isEqualTo("n1");
  }

  @Test
  void aCallerThatIsInterruptedIsTakenWhereThereIsRoom() {
    gate.countDown();
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    Thread.currentThread().interrupt();
    CompletableFuture<String> answer = submit(combiner, 1, 0);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer.join()).isEqualTo("n1");
  }

  @Test
  void H02_closingFailsWhatIsNotAnsweredInTime() {
    WriteCombiner<Integer, String> combiner = combiner(Duration.ofSeconds(60));
    List<CompletableFuture<String>> left =
        List.of(submit(combiner, 1, 0), submit(combiner, 2, 0), submit(combiner, 3, 0));
    combiner.close(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));
    for (CompletableFuture<String> call : left) {
      assertThatThrownBy(call::join)
          .cause()
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessage("write failed: Pitstop is closed");
    }
  }
}
