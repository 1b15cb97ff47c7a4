package dev.pitstop.testing;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.testing.FaultyStore.Operation;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What goes wrong in a {@link FaultyStore}, until closed. Thread-safe. */
public final class Fault implements AutoCloseable {
  private final Consumer<Fault> lift;
  private final Set<Operation> operations;
  private final long from;
  private final long to;
  private final Way way;
  private final Duration limit;
  private final Semaphore happened = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);

  enum Way {
    FAIL,
    LOSE_REPLY,
    STALL
  }

  Fault(
      Consumer<Fault> lift,
      Set<Operation> operations,
      long from,
      long to,
      Way way,
      Duration limit) {
    this.lift = lift;
    this.operations = operations;
    this.from = from;
    this.to = to;
    this.way = way;
    this.limit = limit;
  }

  /**
   * Waits until it has happened to a call; each call of this method stands for one more of those.
   * One that stalls has happened once it stands still.
   *
   * @return whether it did within the limit
   */
  public boolean awaitCall(Duration limit) throws InterruptedException {
    return happened.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends it: later calls are sound, and those that stand still go on. May be called again. */
  @Override
  public void close() {
    lift.accept(this);
    closed.countDown();
  }

  boolean meets(Operation operation, long number) {
    return operations.contains(operation) && number >= from && number <= to;
  }

  <T> T happen(Operation operation, long number, Supplier<T> work) {
    String call = operation + " number " + number;
    return switch (way) {
      case FAIL -> {
        happened.release();
        throw new StoreUnavailableException(call + " was made to fail");
      }
      case LOSE_REPLY -> {
        var unused = work.get();
        happened.release();
        throw new StoreUnavailableException(call + " was done, and its reply lost");
      }
      case STALL -> {
        happened.release();
        awaitClose(call);
        yield work.get();
      }
    };
  }

  private void awaitClose(String call) {
    try {
      if (!closed.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new StoreUnavailableException(call + " stood still for " + limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(call + " was interrupted while it stood still", e);
    }
  }
}
