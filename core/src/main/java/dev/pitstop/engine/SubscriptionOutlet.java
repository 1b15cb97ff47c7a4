package dev.pitstop.engine;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands deliveries to a subscriber, as many as it has requested and at most {@code concurrency}
 * that it has not settled. Signals come from the listener's loop alone, or when that is at rest.
 * Thread-safe.
 */
final class SubscriptionOutlet<T> implements Outlet<T>, Flow.Subscription {
  private static final Logger log = LoggerFactory.getLogger(SubscriptionOutlet.class);

  private final int concurrency;
  private final Runnable changed;
  private final Runnable stop;
  private final Set<EngineDelivery<T>> inHands = ConcurrentHashMap.newKeySet();

  /* Guarded by this. */
  private Flow.@Nullable Subscriber<? super Delivery<T>> subscriber;
  private long demand;
  private int unsettled;
  private @Nullable Thread signalling;
  private boolean halted;
  private volatile boolean begun;
  private boolean ended;
  private @Nullable IllegalArgumentException badRequest;

  /**
   * An outlet.
   *
   * @param changed called when there is room, or something is over
   * @param stop called when the subscriber wants no more
   */
  SubscriptionOutlet(
      Flow.Subscriber<? super Delivery<T>> subscriber,
      ListenerOptions options,
      Runnable changed,
      Runnable stop) {
    this.subscriber = subscriber;
    this.concurrency = options.concurrency();
    this.changed = changed;
    this.stop = stop;
  }

  @Override
  public void request(long n) {
    synchronized (this) {
      if (n <= 0) {
        badRequest =
            new IllegalArgumentException("a subscriber must request at least 1, requested " + n);
      } else {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
    }
    changed.run();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      subscriber = null;
    }
    stop.run();
  }

  @Override
  public int room() {
    synchronized (this) {
      if (badRequest == null) {
        boolean closed = halted || subscriber == null;
        return closed ? 0 : (int) Math.min(demand, concurrency - unsettled);
      }
    }
    refuse();
    return 0;
  }

  @Override
  public void accept(List<EngineDelivery<T>> deliveries) {
    synchronized (this) {
      unsettled += deliveries.size();
      signalling = Thread.currentThread();
    }
    try {
      deliveries.forEach(this::next);
    } finally {
      signalled();
    }
  }

  /** The calling thread no longer signals; the end may have come meanwhile. */
  private void signalled() {
    boolean complete;
    synchronized (this) {
      signalling = null;
      complete = ended;
    }
    if (complete) {
      complete();
    }
  }

  @Override
  public Collection<EngineDelivery<T>> inHands() {
    return inHands;
  }

  @Override
  public void settled(EngineDelivery<T> delivery) {
    inHands.remove(delivery);
    if (delivery.finish()) {
      synchronized (this) {
        unsettled--;
      }
      changed.run();
    }
  }

  @Override
  public void lapsed(EngineDelivery<T> delivery) {
    settled(delivery);
  }

  @Override
  public synchronized void halt() {
    halted = true;
  }

  @Override
  public synchronized boolean idle() {
    return unsettled == 0;
  }

  @Override
  public synchronized boolean runsHere() {
    return signalling == Thread.currentThread();
  }

  @Override
  public void begin() {
    Flow.Subscriber<? super Delivery<T>> receiver;
    synchronized (this) {
      receiver = subscriber;
      signalling = Thread.currentThread();
    }
    try {
      if (receiver != null) {
        receiver.onSubscribe(this);
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        subscriber = null;
      }
      throw e;
    } finally {
      begun = true;
      signalled();
    }
  }

  @Override
  public void end() {
    synchronized (this) {
      ended = true;
      if (signalling != null || !begun) {
        return;
      }
    }
    complete();
  }

  private void next(EngineDelivery<T> delivery) {
    try {
      signal(delivery);
    } catch (RuntimeException | Error e) {
      log.warn("{} could not be handed out", delivery, e);
      delivery.release();
    }
  }

  private void signal(EngineDelivery<T> delivery) {
    Flow.Subscriber<? super Delivery<T>> receiver;
    synchronized (this) {
      receiver = halted || demand == 0 ? null : subscriber;
    }
    if (receiver == null || delivery.isStale()) {
      delivery.release();
      return;
    }
    if (!delivery.read()) {
      return;
    }
    synchronized (this) {
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
    }
    inHands.add(delivery);
    try {
      receiver.onNext(delivery);
    } catch (RuntimeException | Error e) {
      log.warn("subscriber of queue {} threw, which cancels it", delivery.queue(), e);
      cancel();
    }
  }

  private void refuse() {
    Flow.Subscriber<? super Delivery<T>> receiver;
    IllegalArgumentException failure;
    synchronized (this) {
      receiver = subscriber;
      failure = badRequest;
      subscriber = null;
    }
    if (receiver != null && failure != null) {
      try {
        receiver.onError(failure);
      } finally {
        stop.run();
      }
    }
  }

  private void complete() {
    Flow.Subscriber<? super Delivery<T>> receiver;
    synchronized (this) {
      receiver = subscriber;
      subscriber = null;
    }
    if (receiver != null) {
      receiver.onComplete();
    }
  }
}
