package dev.pitstop.spi;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to be woken in which queue, and from when on it is of no use: {@link Store#onWake} for
 * stores to build on. Thread-safe.
 *
 * <p>A store tells {@link #asleepUntil} what it answers to {@link Store#untilNextDue}, before it
 * looks, and {@link #leasableAt} when something can be leased at an instant, after it is written. A
 * waker is called only for what comes before the end of its sleep.
 */
public final class Wakes {
  /*
   * The order matters: a listener that looks sets its sleep to "for ever" first and to what it found
   * after. Whatever is written in between is either seen by the look or wakes.
   */
  private final ConcurrentMap<String, Queue> queues = new ConcurrentHashMap<>();

  private static final class Queue {
    final List<Runnable> wakes = new CopyOnWriteArrayList<>();
    volatile long asleepUntil = Long.MAX_VALUE;
  }

  /** Adds a waker. */
  public Store.Subscription add(String queue, Runnable wake) {
    Queue wakers = queues.computeIfAbsent(queue, name -> new Queue());
    wakers.wakes.add(wake);
    return () -> wakers.wakes.remove(wake);
  }

  /** Says until when listeners of a queue sleep, in milliseconds since 1970. */
  public void asleepUntil(String queue, long millis) {
    Queue wakers = queues.get(queue);
    if (wakers != null) {
      wakers.asleepUntil = millis;
    }
  }

  /** Says that something of a queue can be leased at an instant, in milliseconds since 1970. */
  public void leasableAt(String queue, long millis) {
    Queue wakers = queues.get(queue);
    if (wakers != null && millis < wakers.asleepUntil) {
      wakers.wakes.forEach(Runnable::run);
    }
  }

  /** Wakes all listeners of all queues. */
  public void all() {
    queues.values().forEach(queue -> queue.wakes.forEach(Runnable::run));
  }
}
