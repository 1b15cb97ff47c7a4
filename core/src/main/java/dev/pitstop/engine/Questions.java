package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Asks a store what is not combined with anything, each question on a thread of its own and within
 * the call timeout. Thread-safe.
 */
final class Questions {
  private static final int MOST_AT_ONCE = 1_000;

  private final Store store;
  private final Executor executor;
  private final Duration timeout;
  private final Set<Question<?>> open = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  Questions(Store store, Executor executor, Duration timeout) {
    this.store = store;
    this.executor = executor;
    this.timeout = timeout;
  }

  private record Question<R>(CompletableFuture<R> answer, long since) {}

  /**
   * Asks; fails at once when a thousand questions are open, which only a stalled store can cause.
   */
  <R> CompletableFuture<R> ask(Function<Store, R> ask) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    if (!places.tryAcquire()) {
      answer.completeExceptionally(
          new StoreUnavailableException(MOST_AT_ONCE + " calls wait for the store already"));
      return answer;
    }
    Question<R> question = new Question<>(answer, System.nanoTime());
    open.add(question);
    executor.execute(
        () -> {
          R result = null;
          PitstopException failure = null;
          try {
            result = ask.apply(store);
          } catch (PitstopException e) {
            failure = e;
          } catch (RuntimeException | Error e) {
            failure = new PitstopException("the store failed: " + e, e);
          }
          open.remove(question);
          places.release();
          if (failure == null) {
            answer.complete(result);
          } else {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  /** Fails the questions that have waited for longer than a call may. */
  void expire(Duration allowance) {
    long limit = timeout.minus(allowance).toNanos();
    long now = System.nanoTime();
    open.removeIf(
        question -> {
          boolean late = now - question.since() >= limit;
          if (late) {
            question
                .answer()
                .completeExceptionally(
                    new StoreUnavailableException(
                        "the store gave no answer within the call timeout of " + timeout));
          }
          return late;
        });
  }
}
