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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a store what is not combined with anything, each question on a thread of its own and within
 * the call timeout. Thread-safe.
 */
final class Questions {
  private static final Logger log = LoggerFactory.getLogger(Questions.class);
  private static final int MOST_AT_ONCE = 1_000;

  private final Store store;
  private final Executor executor;
  private final Duration timeout;
  private final Set<Question<?>> open = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private volatile boolean closed;

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
    if (closed) {
      answer.completeExceptionally(new StoreUnavailableException("Pitstop is closed"));
      return answer;
    }
    if (!places.tryAcquire()) {
      answer.completeExceptionally(
          new StoreUnavailableException(MOST_AT_ONCE + " calls wait for the store already"));
      return answer;
    }
    Question<R> question = new Question<>(answer, System.nanoTime());
    open.add(question);
    try {
      executor.execute(() -> ask(ask, question));
    } catch (RuntimeException | Error e) {
      places.release();
      fail(question, new StoreUnavailableException("the store could not be asked: " + e, e));
    }
    return answer;
  }

  private <R> void ask(Function<Store, R> ask, Question<R> question) {
    R result = null;
    PitstopException failure = null;
    try {
      result = ask.apply(store);
    } catch (PitstopException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new PitstopException("the store failed: " + e, e);
    }
    boolean first = open.remove(question);
    places.release();
    if (first && failure == null) {
      question.answer().complete(result);
    } else if (first) {
      question.answer().completeExceptionally(failure);
    }
  }

  /** Fails the questions that have waited for longer than a call may. */
  void expire(Duration allowance) {
    long limit = timeout.minus(allowance).toNanos();
    long now = System.nanoTime();
    for (Question<?> question : open) {
      if (now - question.since() >= limit) {
        failElsewhere(
            question,
            new StoreUnavailableException(
                "the store gave no answer within the call timeout of " + timeout));
      }
    }
  }

  /**
   * Takes no more questions, waits for those that are open until a moment and fails what is left.
   *
   * @param end by {@link System#nanoTime}
   */
  void close(long end) {
    closed = true;
    try {
      if (places.tryAcquire(MOST_AT_ONCE, end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Question<?> question : open) {
      failElsewhere(
          question,
          new StoreUnavailableException("the store gave no answer before Pitstop was closed"));
    }
  }

  /** Fails a question on a thread of its own: what its asker does then may take its time. */
  private void failElsewhere(Question<?> question, StoreUnavailableException failure) {
    try {
      executor.execute(() -> fail(question, failure));
    } catch (RuntimeException | Error e) {
      log.warn("no thread to fail a late call could be had", e);
    }
  }

  private void fail(Question<?> question, PitstopException failure) {
    if (open.remove(question)) {
      question.answer().completeExceptionally(failure);
    }
  }
}
