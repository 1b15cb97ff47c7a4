package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
   * may take. Room is fair, so that large calls are not outrun by small ones until their time is up.
   *
   * A thread that has told its callers lingers for a moment, in which it takes the pen for the next call
   * without anybody's having to be woken: calls that come one after the other wait for the write alone.
   *
   * Callers are told by threads of the executor only, never by the one that looks for late calls. Where
   * one of them does not come back, the next look lets another thread go on with those behind it.
   */
  private static final Logger log = LoggerFactory.getLogger(WriteCombiner.class);

  private static final int MAX_BATCH = 2_000;
  private static final int ROOM = 64 * 1024;

  private final String what;
  private final Function<List<C>, List<R>> write;
  private final Executor executor;
  private final Duration timeout;
  private final Duration linger;
  private final Semaphore room = new Semaphore(ROOM, true);

  private final Deque<Call<C, R>> pending = new ArrayDeque<>();
  private final Set<Telling<C, R>> tellings = ConcurrentHashMap.newKeySet();
  private List<Call<C, R>> underWay = List.of();
  private boolean writing;
  private boolean lingering;
  private volatile boolean penOffered;
  private volatile boolean closed;

  /**
   * A combiner.
   *
   * @param what names the writes in errors
   * @param timeout how long a call may take
   * @param linger how long a thread waits for the next call before it rests
   */
  WriteCombiner(
      String what,
      Function<List<C>, List<R>> write,
      Executor executor,
      Duration timeout,
      Duration linger) {
    this.linger = linger;
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

    synchronized boolean claim() {
      boolean first = !answered;
      answered = true;
      return first;
    }
  }

  /** Whether at most one call is under way. */
  synchronized boolean isAlone() {
    return underWay.size() + pending.size() <= 1;
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
    boolean start;
    synchronized (this) {
      for (Call<C, R> call : underWay) {
        if (now - call.since >= limit) {
          late.add(call);
        }
      }
      int first = late.size();
      pending.removeIf(call -> now - call.since >= limit && late.add(call));
      late.subList(first, late.size()).forEach(call -> room.release(call.weight));
      start = !writing && !pending.isEmpty();
      writing |= start;
    }
    if (start) {
      start();
    }
    goOnTelling();
    tellElsewhere(new Telling<>(late, List.of(), tooLate()));
  }

  /**
   * Takes no more calls, waits for those under way until a moment and fails what is left then.
   *
   * @param end by {@link System#nanoTime}
   */
  void close(long end) {
    List<Call<C, R>> left;
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      long wait = end - System.nanoTime();
      while (writing && wait > 0) {
        try {
          TimeUnit.NANOSECONDS.timedWait(this, wait);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        wait = end - System.nanoTime();
      }
      left = new ArrayList<>(underWay);
      left.addAll(pending);
      pending.forEach(call -> room.release(call.weight));
      pending.clear();
    }
    tellElsewhere(new Telling<>(left, List.of(), isClosed()));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int weight(int bytes) {
    return Math.min(ROOM, 1 + bytes / 1024);
  }

  private boolean enter(Call<C, R> call, long deadline) {
    if (!room.hasQueuedThreads() && room.tryAcquire(call.weight)) {
      return true; // also for a caller that was interrupted, who may not wait
    }
    try {
      long left = deadline - System.nanoTime();
      if (room.tryAcquire(call.weight, left, TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (call.claim()) {
        call.failed(tooLate());
      }
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
      if (start && lingering) {
        penOffered = true;
        start = false;
      }
    }
    if (start) {
      start();
    }
    if (refused) {
      calls.forEach(call -> room.release(call.weight));
      new Telling<>(calls, List.of(), isClosed()).run();
    }
  }

  /**
   * Lets a thread write; where none can be had, the next call or look for late ones tries again.
   */
  private void start() {
    try {
      executor.execute(this::write);
    } catch (RuntimeException | Error e) {
      log.warn("no thread to {} could be had", what, e);
      synchronized (this) {
        writing = false;
        notifyAll();
      }
    }
  }

  private void write() {
    do {
      writeBatch();
    } while (penComes());
  }

  /** Lingers; says whether the pen was offered meanwhile. */
  private boolean penComes() {
    synchronized (this) {
      if (writing || lingering || closed || linger.isZero()) {
        return false;
      }
      lingering = true;
    }
    long end = System.nanoTime() + linger.toNanos();
    while (!penOffered && !closed && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    synchronized (this) {
      boolean offered = penOffered;
      penOffered = false;
      lingering = false;
      return offered;
    }
  }

  private void writeBatch() {
    List<Call<C, R>> batch = take();
    List<R> results = List.of();
    PitstopException failure = null;
    try {
      List<C> commands = new ArrayList<>(batch.size());
      batch.forEach(call -> commands.add(call.command));
      results = commands.isEmpty() ? List.of() : write.apply(commands);
      if (results.size() != batch.size()) {
        failure =
            new PitstopException(
                what + " failed: " + results.size() + " answers to " + batch.size() + " calls");
      }
    } catch (PitstopException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new PitstopException(what + " failed: " + e, e);
    }
    handOn(batch);
    tell(new Telling<>(batch, results, failure));
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

  private void handOn(List<Call<C, R>> batch) {
    int weight = 0;
    for (Call<C, R> call : batch) {
      weight += call.weight;
    }
    room.release(weight);
    boolean more;
    synchronized (this) {
      underWay = List.of();
      more = !pending.isEmpty();
      writing = more;
      notifyAll();
    }
    if (more) {
      start();
    }
  }

  private void tell(Telling<C, R> telling) {
    tellings.add(telling);
    telling.run();
    tellings.remove(telling);
  }

  private void tellElsewhere(Telling<C, R> telling) {
    if (!telling.isOver()) {
      tellings.add(telling);
      goOn(telling);
    }
  }

  /** Lets other threads go on where the telling has not come further since the last look. */
  private void goOnTelling() {
    tellings.removeIf(Telling::isOver);
    for (Telling<C, R> telling : tellings) {
      if (telling.stands()) {
        goOn(telling);
      }
    }
  }

  private void goOn(Telling<C, R> telling) {
    try {
      executor.execute(telling::run);
    } catch (RuntimeException | Error e) {
      log.warn("no thread to tell the callers of {} could be had", what, e);
    }
  }

  private StoreUnavailableException isClosed() {
    return new StoreUnavailableException(what + " failed: Pitstop is closed");
  }

  private StoreUnavailableException tooLate() {
    return new StoreUnavailableException(
        what + " got no answer within the call timeout of " + timeout);
  }
}
