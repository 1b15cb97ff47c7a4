package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes one write of the calls that come in while the write before is under way: group commit
 * without a timer, so that a lone call waits for nothing. Calls are written in the order they came.
 * Thread-safe.
 */
final class WriteCombiner<C, R> {
  /*
   * One thread at a time holds the pen. It hands the pen on before it tells the callers of its batch:
   * what they do then, blocking on another write included, holds up no write.
   *
   * Memory is bounded by weight: a caller that finds no room waits for it, at most as long as a call
   * may take.
   */
  private static final int MAX_BATCH = 2_000;
  private static final int ROOM = 64 * 1024;

  private final String what;
  private final Function<List<C>, List<R>> write;
  private final Executor executor;
  private final Duration timeout;
  private final Semaphore room = new Semaphore(ROOM);

  private final Deque<Call<C, R>> pending = new ArrayDeque<>();
  private List<Call<C, R>> underWay = List.of();
  private boolean writing;
  private boolean closed;

  WriteCombiner(
      String what, Function<List<C>, List<R>> write, Executor executor, Duration timeout) {
    this.what = what;
    this.write = write;
    this.executor = executor;
    this.timeout = timeout;
  }

  /** A command under way, and whom its answer goes to. */
  abstract static class Call<C, R> {
    final C command;
    private final long since = System.nanoTime();
    private int weight;
    private boolean answered;

    Call(C command) {
      this.command = command;
    }

    /** What the store said. */
    abstract void done(R result);

    /** The store was away, or refused the whole batch. */
    abstract void failed(PitstopException failure);

    private synchronized boolean claim() {
      boolean first = !answered;
      answered = true;
      return first;
    }
  }

  /** Takes a call that is part of what is bounded already, as a settle is by its lease. */
  void submit(Call<C, R> call) {
    add(List.of(call));
  }

  /**
   * Takes a call, waiting for room when writes are slower than calls.
   *
   * @param bytes about what it keeps in memory
   */
  void submitWithin(Call<C, R> call, int bytes) {
    call.weight = weight(bytes);
    if (enter(call, System.nanoTime() + timeout.toNanos())) {
      add(List.of(call));
    }
  }

  /** Takes calls one after the other, waiting for room when writes are slower than calls. */
  void submitAllWithin(Collection<? extends Call<C, R>> calls, long bytes) {
    int each = weight((int) (bytes / Math.max(1, calls.size())));
    long deadline = System.nanoTime() + timeout.toNanos();
    List<Call<C, R>> entered = new ArrayList<>(calls.size());
    for (Call<C, R> call : calls) {
      call.weight = each;
      if (!room.tryAcquire(each)) {
        add(entered);
        entered = new ArrayList<>();
        if (!enter(call, deadline)) {
          continue;
        }
      }
      entered.add(call);
    }
    add(entered);
  }

  /** Fails what has waited for longer than a call may; whether it takes effect yet is unknown. */
  void expire(Duration allowance) {
    long limit = timeout.minus(allowance).toNanos();
    long now = System.nanoTime();
    List<Call<C, R>> late = new ArrayList<>();
    synchronized (this) {
      for (Call<C, R> call : underWay) {
        if (now - call.since >= limit) {
          late.add(call);
        }
      }
      while (!pending.isEmpty() && now - pending.getFirst().since >= limit) {
        Call<C, R> call = pending.removeFirst();
        room.release(call.weight);
        late.add(call);
      }
    }
    late.forEach(this::timedOut);
  }

  /** Takes no more calls and waits for those under way, for at most as long as a call may take. */
  void close() {
    long end = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      long left = timeout.toNanos();
      while (writing && left > 0) {
        try {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = end - System.nanoTime();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int weight(int bytes) {
    return Math.min(ROOM, 1 + bytes / 1024);
  }

  private boolean enter(Call<C, R> call, long deadline) {
    try {
      long left = deadline - System.nanoTime();
      if (room.tryAcquire(call.weight, left, TimeUnit.NANOSECONDS)) {
        return true;
      }
      timedOut(call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (call.claim()) {
        call.failed(new PitstopException("interrupted before " + what + " was begun", e));
      }
    }
    return false;
  }

  private void add(List<Call<C, R>> calls) {
    boolean start;
    boolean refused;
    synchronized (this) {
      refused = closed;
      if (!refused) {
        pending.addAll(calls);
      }
      start = !writing && !pending.isEmpty();
      writing |= start;
    }
    if (start) {
      executor.execute(this::writeBatch);
    }
    if (refused) {
      for (Call<C, R> call : calls) {
        room.release(call.weight);
        if (call.claim()) {
          call.failed(new StoreUnavailableException(what + " failed: Pitstop is closed"));
        }
      }
    }
  }

  private void writeBatch() {
    List<Call<C, R>> batch = take();
    List<R> results = List.of();
    PitstopException failure = null;
    try {
      List<C> commands = new ArrayList<>(batch.size());
      batch.forEach(call -> commands.add(call.command));
      results = write.apply(commands);
    } catch (PitstopException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new PitstopException(what + " failed: " + e, e);
    }
    handOn();
    for (int i = 0; i < batch.size(); i++) {
      Call<C, R> call = batch.get(i);
      room.release(call.weight);
      if (call.claim()) {
        if (failure == null) {
          call.done(results.get(i));
        } else {
          call.failed(failure);
        }
      }
    }
  }

  private synchronized List<Call<C, R>> take() {
    int size = Math.min(MAX_BATCH, pending.size());
    List<Call<C, R>> batch = new ArrayList<>(size);
    long weight = 0;
    while (batch.size() < size && weight < ROOM / 4) {
      Call<C, R> call = pending.removeFirst();
      weight += call.weight;
      batch.add(call);
    }
    underWay = batch;
    return batch;
  }

  private void handOn() {
    boolean more;
    synchronized (this) {
      underWay = List.of();
      more = !pending.isEmpty();
      writing = more;
      notifyAll();
    }
    if (more) {
      executor.execute(this::writeBatch);
    }
  }

  private void timedOut(Call<C, R> call) {
    if (call.claim()) {
      call.failed(
          new StoreUnavailableException(
              what + " got no answer within the call timeout of " + timeout));
    }
  }
}
