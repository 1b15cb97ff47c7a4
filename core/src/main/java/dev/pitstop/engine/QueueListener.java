package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.Listener;
import dev.pitstop.ListenerHealth;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Runner;
import dev.pitstop.spi.Runner.Ticking;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks when it is time, leases what there is room for and gives it to an outlet. It never stops by
 * itself: a wake-up is a hint, the look at each poll interval is the truth. Thread-safe.
 */
final class QueueListener<T> implements Listener {
  /*
   * stopping and inTick are written before the other is read, so that either the tick sees that it is
   * to lease nothing, or stopping sees that it has to wait for the tick.
   */
  private static final Logger log = LoggerFactory.getLogger(QueueListener.class);
  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);
  private static final int MOST_A_LOOK = 1_000;

  private final String queue;
  private final Codec<T> codec;
  private final Engine engine;
  private final Store store;
  private final Executor executor;
  private final Terms terms;
  private final Admission admission;
  private final Settler settler;
  private final Outlet<T> outlet;
  private final Trouble trouble;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Ticking ticking;
  private volatile Store.@Nullable Subscription wakes;
  private volatile boolean stopping;
  private volatile boolean inTick;

  /**
   * A listener, not started yet.
   *
   * @param outlet makes where deliveries go
   */
  QueueListener(
      EngineQueue<T> queue, Terms terms, Planner planner, Settler settler, Outlet.Maker<T> outlet) {
    this.queue = queue.name();
    this.codec = queue.codec();
    this.engine = queue.engine();
    this.store = engine.store();
    this.executor = engine.writers();
    this.terms = terms;
    this.settler = settler;
    this.admission = new Admission(terms, planner, settler, this::changed);
    this.outlet = outlet.make(this::changed, this::stop);
    this.trouble = new Trouble(this.queue);
  }

  /** Begins to look. When it throws, the listener has stopped. */
  void start(Runner runner) {
    try {
      wakes = store.onWake(queue, this::changed);
      outlet.begin();
      ticking = runner.start("pitstop-" + queue, false, this::tick);
    } catch (RuntimeException | Error e) {
      stop(Duration.ZERO);
      throw e;
    } finally {
      if (stopping) {
        release();
      }
    }
    changed();
  }

  @Override
  public String queue() {
    return queue;
  }

  @Override
  public ListenerHealth health() {
    return trouble.health();
  }

  @Override
  public CompletableFuture<Void> stop() {
    return stop(DRAIN_TIME);
  }

  @Override
  public CompletableFuture<Void> stop(Duration drainTime) {
    long nanos = nanos(drainTime);
    boolean first;
    synchronized (this) {
      first = !stopping;
      stopping = true;
    }
    if (first) {
      Ticking running = ticking;
      if (running != null) {
        running.stop();
      }
      outlet.halt();
      changed();
    }
    if (nanos <= 0) {
      end();
    } else if (!ended.get()) {
      stopped
          .copy()
          .completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS)
          .thenRunAsync(this::end, executor);
    }
    return stopped.copy();
  }

  /** Calls a store away that has not answered for so long. */
  void checkStall(Duration limit) {
    trouble.check(limit);
  }

  boolean runsHere() {
    return outlet.runsHere();
  }

  /** Keeps what is in hands alive, where that is due; says how long until it is next. */
  Duration keep() {
    return LeaseKeeper.keep(outlet, settler.now(), terms);
  }

  private Duration tick() {
    inTick = true;
    try {
      int room = Math.min(outlet.room(), admission.room());
      if (stopping || room == 0) {
        return Trouble.noisy(terms.pollInterval());
      }
      return look(Math.min(room, MOST_A_LOOK));
    } finally {
      inTick = false;
      if (stopping) {
        changed();
      }
    }
  }

  private Duration look(int limit) {
    try {
      trouble.looks();
      trouble.asks();
      List<Entry> leased = store.lease(queue, limit, terms.leaseTime());
      trouble.answered();
      hand(leased);
      if (leased.size() == limit) {
        trouble.over();
        return Duration.ZERO;
      }
      Duration poll = Trouble.noisy(terms.pollInterval());
      trouble.asks();
      Duration due = store.untilNextDue(queue).orElse(poll);
      trouble.over();
      return due.compareTo(poll) < 0 ? due : poll;
    } catch (RuntimeException | Error e) {
      return trouble.with(e);
    } finally {
      trouble.looked();
    }
  }

  private void hand(List<Entry> leased) {
    List<EngineDelivery<T>> deliveries = new ArrayList<>(leased.size());
    for (Entry entry : leased) {
      Instant now = entry.leased().until().minus(terms.leaseTime());
      admission
          .admit(entry, now)
          .ifPresent(
              emission ->
                  deliveries.add(new EngineDelivery<>(emission, codec, settler, outlet::settled)));
    }
    if (!deliveries.isEmpty()) {
      outlet.accept(deliveries);
    }
  }

  /** There is room again or something to lease, or while stopping something has come to its end. */
  private void changed() {
    if (!stopping) {
      Ticking running = ticking;
      if (running != null) {
        running.wake();
      }
    } else if (!inTick && !ended.get() && outlet.idle()) {
      executor.execute(this::end);
    }
  }

  /** Once. What users do when they are told runs on none of the engine's ticking threads. */
  private void end() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    try {
      release();
      executor.execute(outlet::end);
    } catch (RuntimeException e) {
      log.warn("listener of queue {} did not stop cleanly", queue, e);
    }
    engine.forget(this);
    stopped.complete(null);
    log.debug("listener of queue {} has stopped", queue);
  }

  /** Ends its tick and its waking, whichever has begun. */
  private void release() {
    Ticking running = ticking;
    if (running != null) {
      running.stop();
    }
    Store.Subscription waking = wakes;
    if (waking != null) {
      waking.close();
    }
  }

  private static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    boolean tooLong = duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0;
    return tooLong ? Long.MAX_VALUE : duration.toNanos();
  }
}
