package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sends what lines ask for to a queue in batches, several in flight at once. A queue carries out
 * calls in the order they are made, so lines take effect in theirs. For one thread.
 */
final class Writes<T> {
  private static final int BATCH = 1000;
  private static final int BATCH_BYTES = 1 << 20;
  private static final int IN_FLIGHT = 4;

  private final Function<List<T>, CompletableFuture<List<Optional<PitstopException>>>> send;
  private final Refusals refusals;
  private final Deque<Batch<T>> inFlight = new ArrayDeque<>();
  private Batch<T> open = new Batch<>();
  private long done;

  private static final class Batch<T> {
    final List<T> items = new ArrayList<>();
    final List<Long> lines = new ArrayList<>();
    int bytes;
    CompletableFuture<Long> answered = CompletableFuture.completedFuture(0L);
  }

  /**
   * Sends by a function.
   *
   * @param send makes the calls for a batch in its order, and answers for each with a failure if
   *     there is one
   */
  Writes(
      Function<List<T>, CompletableFuture<List<Optional<PitstopException>>>> send,
      Refusals refusals) {
    this.send = send;
    this.refusals = refusals;
  }

  /** The results of a store as what {@link #Writes} takes. */
  static List<Optional<PitstopException>> failures(List<StoreResult> results) {
    return results.stream()
        .map(
            result ->
                result instanceof StoreResult.Failure failure
                    ? Optional.of(failure.failure())
                    : Optional.<PitstopException>empty())
        .toList();
  }

  /** Adds what a line asks for; waits while too much is in flight. */
  void add(long line, int bytes, T item) {
    if (open.items.size() == BATCH || (open.bytes > 0 && open.bytes + bytes > BATCH_BYTES)) {
      flush();
    }
    open.items.add(item);
    open.lines.add(line);
    open.bytes += bytes;
  }

  /** Sends what was added. */
  void flush() {
    if (open.items.isEmpty()) {
      return;
    }
    while (inFlight.size() >= IN_FLIGHT) {
      finish(inFlight.remove());
    }
    Batch<T> batch = open;
    open = new Batch<>();
    batch.answered = send.apply(batch.items).thenApply(failures -> tell(batch, failures));
    inFlight.add(batch);
  }

  /** Sends what was added and waits until everything was answered. */
  void finish() {
    flush();
    while (!inFlight.isEmpty()) {
      finish(inFlight.remove());
    }
  }

  /** How many of those that were answered were carried out. */
  long done() {
    return done;
  }

  private void finish(Batch<T> batch) {
    done += Calls.await(batch.answered);
  }

  private long tell(Batch<T> batch, List<Optional<PitstopException>> failures) {
    long succeeded = 0;
    for (int i = 0; i < failures.size(); i++) {
      Optional<PitstopException> failure = failures.get(i);
      if (failure.isPresent()) {
        refusals.refuse(batch.lines.get(i), failure.get());
      } else {
        succeeded++;
      }
    }
    return succeeded;
  }
}
