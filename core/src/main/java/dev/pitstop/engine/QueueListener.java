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
import java.util.concurrent.TimeUnit;
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
  private final Store store;
  private final Terms terms;
  private final Admission admission;
  private final Settler settler;
  private final Outlet<T> outlet;
  private final Trouble trouble;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile @Nullable Ticking ticking;
  private volatile boolean stopping;
  private volatile boolean inTick;

  /**
   * A listener, not started yet.
   *
   * @param outlet makes where deliveries go
   */
  QueueListener(
      EngineQueue<T> queue,
      Terms terms,
      Admission admission,
      Settler settler,
      Outlet.Maker<T> outlet) {
    this.queue = queue.name();
    this.codec = queue.codec();
    this.store = queue.engine().store();
    this.terms = terms;
    this.admission = admission;
    this.settler = settler;
    this.outlet = outlet.make(this::changed, this::stop);
    this.trouble = new Trouble(this.queue);
  }

  /** Begins to look. */
  void start(Runner runner) {
    outlet.begin();
    Ticking started = runner.start("pitstop-" + queue, false, this::tick);
    ticking = started;
    Store.Subscription wakes = store.onWake(queue, started::wake);
    stopped.whenComplete(
        (done, never) -> {
          wakes.close();
          outlet.end();
        });
    started.wake();
    if (stopping) {
      started.stop();
    }
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
    stopped.completeOnTimeout(null, drainTime.toNanos(), TimeUnit.NANOSECONDS);
    return stopped.copy();
  }

  /** Completes when the listener has stopped. */
  CompletableFuture<Void> whenStopped() {
    return stopped;
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
      int room = outlet.room();
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
      List<Entry> leased = store.lease(queue, limit, terms.leaseTime());
      hand(leased);
      trouble.over();
      if (leased.size() == limit) {
        return Duration.ZERO;
      }
      Duration poll = Trouble.noisy(terms.pollInterval());
      Duration due = store.untilNextDue(queue).orElse(poll);
      return due.compareTo(poll) < 0 ? due : poll;
    } catch (RuntimeException e) {
      return trouble.with(e);
    }
  }

  private void hand(List<Entry> leased) {
    List<EngineDelivery<T>> deliveries = new ArrayList<>(leased.size());
    for (Entry entry : leased) {
      Instant now = entry.leased().until().minus(terms.leaseTime());
      admission
          .admit(entry, now)
          .ifPresent(
              emission -> deliveries.add(new EngineDelivery<>(emission, codec, settler, outlet)));
    }
    if (!deliveries.isEmpty()) {
      outlet.accept(deliveries);
    }
  }

  /** There is room again, or while stopping something has come to its end. */
  private void changed() {
    if (!stopping) {
      Ticking running = ticking;
      if (running != null) {
        running.wake();
      }
    } else if (!inTick && outlet.idle() && stopped.complete(null)) {
      log.debug("listener of queue {} has stopped", queue);
    }
  }
}
