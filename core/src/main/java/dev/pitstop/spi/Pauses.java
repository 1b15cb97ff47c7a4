package dev.pitstop.spi;

import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which queues are paused, as the backend said last: {@link Store#pause} for stores that several
 * processes share to build on. Thread-safe.
 *
 * <p>The backend is asked by calls that use a queue, for all queues at once, when its last answer
 * is 900 ms old; so what another process has changed is obeyed within a second. What this process
 * has changed is obeyed at once, as the next call asks anew. Nothing is asked while nothing is
 * used.
 */
public final class Pauses {
  /**
   * For how long nobody need look at a queue that is paused, unless this process resumes it: a
   * second. By then the last answer is out of date, so that a look asks anew.
   */
  public static final Duration WAIT = Duration.ofSeconds(1);

  /** Less than a second by what the call may take that obeys. */
  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(900);

  private final Supplier<Set<String>> ask;
  private final AtomicLong changes = new AtomicLong();
  private final AtomicReference<@Nullable Asking> asking = new AtomicReference<>();
  private volatile @Nullable Answer last;

  /**
   * @param begun when it was asked for, by {@link System#nanoTime}
   * @param changes how many changes of this process it has seen at least
   */
  private record Answer(Set<String> paused, long begun, long changes) {
    /** Whether it holds for a call that has begun at a time; one it has waited for always does. */
    boolean holds(long called, long changed) {
      return changes >= changed && (begun - called >= 0 || System.nanoTime() - begun < FRESH);
    }
  }

  /** A question under way, which all who want its answer share. */
  private static final class Asking {
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
  }

  /**
   * Nothing is asked yet.
   *
   * @param ask asks the backend for the names of all paused queues; throws {@link
   *     StoreUnavailableException} when it is away
   */
  public Pauses(Supplier<Set<String>> ask) {
    this.ask = ask;
  }

  /**
   * Whether a queue is paused.
   *
   * @throws StoreUnavailableException when the backend had to be asked and is away
   */
  public boolean has(String queue) {
    long called = System.nanoTime();
    long changed = changes.get();
    Answer answer = last;
    while (answer == null || !answer.holds(called, changed)) {
      answer = asked();
    }
    return answer.paused().contains(queue);
  }

  /** Says that this process has paused or resumed a queue; called when that is written. */
  public void changed() {
    changes.incrementAndGet();
  }

  /** An answer of the backend, perhaps to a question that was under way already. */
  private Answer asked() {
    Asking own = new Asking();
    Asking underWay = asking.compareAndExchange(null, own);
    if (underWay != null) {
      return shared(underWay);
    }
    try {
      long seen = changes.get();
      long begun = System.nanoTime();
      Answer answer = new Answer(Set.copyOf(ask.get()), begun, seen);
      last = answer;
      own.answer.complete(answer);
      return answer;
    } catch (RuntimeException | Error e) {
      own.answer.completeExceptionally(e);
      throw e;
    } finally {
      asking.set(null);
    }
  }

  private static Answer shared(Asking underWay) {
    try {
      return underWay.answer.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw new StoreUnavailableException("it is unknown which queues are paused: " + cause, cause);
    }
  }
}
