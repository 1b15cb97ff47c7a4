package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells callers their answers, one after the other. What callers do when they are told may take as
 * long as they like: another thread may go on with those behind. Thread-safe.
 */
final class Telling<C, R> {
  private static final Logger log = LoggerFactory.getLogger(Telling.class);

  private final List<WriteCombiner.Call<C, R>> calls;
  private final List<R> results;
  private final @Nullable PitstopException failure;
  private final AtomicInteger told = new AtomicInteger();
  private int toldBefore = -1; // used by one thread

  /**
   * Answers to be told.
   *
   * @param results one for each call, unless there is a failure
   * @param failure told to all, if there is one
   */
  Telling(
      List<WriteCombiner.Call<C, R>> calls, List<R> results, @Nullable PitstopException failure) {
    this.calls = calls;
    this.results = results;
    this.failure = failure;
  }

  /** Tells those that are left. */
  void run() {
    int place = told.getAndIncrement();
    while (place < calls.size()) {
      tell(place);
      place = told.getAndIncrement();
    }
  }

  /** Whether all were told, or are being told. */
  boolean isOver() {
    return told.get() >= calls.size();
  }

  /** Whether nobody was told since the last time this was asked. */
  boolean stands() {
    int now = told.get();
    boolean stands = now == toldBefore;
    toldBefore = now;
    return stands;
  }

  private void tell(int place) {
    WriteCombiner.Call<C, R> call = calls.get(place);
    try {
      if (call.claim()) {
        if (failure == null) {
          call.done(results.get(place));
        } else {
          call.failed(failure);
        }
      }
    } catch (RuntimeException | Error e) {
      log.error("the caller of {} could not be told its answer", call.command, e);
    }
  }
}
