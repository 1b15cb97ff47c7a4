package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends what lines ask for to the store in batches, several in flight at once. For one thread.
 *
 * <p>What concerns one id is carried out in its order: in a batch of the store's own order, or one
 * batch after the other was answered.
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
    final Map<String, Class<?>> kinds = new HashMap<>();
    int bytes;
    CompletableFuture<Long> answered = CompletableFuture.completedFuture(0L);
  }

  /**
   * Sends by a function.
   *
   * @param send answers for each of a batch, in its order, with a failure if there is one; items of
   *     one class about one id must be carried out in their order
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
  void add(long line, @Nullable String id, int bytes, T item) {
    if (open.items.size() == BATCH || (open.bytes > 0 && open.bytes + bytes > BATCH_BYTES)) {
      flush();
    }
    if (id != null) {
      Class<?> kind = open.kinds.get(id);
      if (kind != null && kind != item.getClass()) {
        flush();
      }
      waitFor(id);
      open.kinds.put(id, item.getClass());
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

  private void waitFor(String id) {
    while (inFlight.stream().anyMatch(batch -> batch.kinds.containsKey(id))) {
      finish(inFlight.remove());
    }
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
