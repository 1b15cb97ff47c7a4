package dev.pitstop.server.api;

import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets calls wait until something of a queue can be leased. Thread-safe. */
final class Wakeups {
  private final Store store;
  private final ScheduledExecutorService timer;
  private final Executor blocking;
  private final Map<String, Watched> queues = new HashMap<>(); // guarded by this

  Wakeups(Store store, ScheduledExecutorService timer, Executor blocking) {
    this.store = store;
    this.timer = timer;
    this.blocking = blocking;
  }

  /** A queue that somebody waits for, with the store's waking of it. */
  private static final class Watched {
    final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();
    Store.Subscription subscription = () -> {};
    int waiters;
  }

  /**
   * Completes when it is worth looking at a queue again, at a time at the latest. Never completes
   * exceptionally; whoever no longer waits completes it.
   */
  CompletableFuture<Void> await(String queue, Duration most) {
    CompletableFuture<Void> woken = new CompletableFuture<>();
    Watched watched = enter(queue, woken);
    woken.whenComplete((done, failure) -> leave(queue, watched, woken));
    woken.completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS);
    blocking.execute(
        () -> {
          try {
            store
                .untilNextDue(queue)
                .filter(wait -> wait.compareTo(most) < 0)
                .ifPresent(
                    wait ->
                        timer.schedule(
                            () -> woken.complete(null),
                            Math.max(1, wait.toNanos()),
                            TimeUnit.NANOSECONDS));
          } catch (RuntimeException e) {
            woken.complete(null); // the look that follows says what is wrong
          }
        });
    return woken;
  }

  private synchronized Watched enter(String queue, CompletableFuture<Void> woken) {
    Watched watched = queues.computeIfAbsent(queue, name -> new Watched());
    watched.waiting.add(woken);
    if (watched.waiters++ == 0) {
      watched.subscription =
          store.onWake(
              queue, () -> timer.execute(() -> watched.waiting.forEach(w -> w.complete(null))));
    }
    return watched;
  }

  @SuppressWarnings("CollectionUndefinedEquality") // each future is meant itself
  private void leave(String queue, Watched watched, CompletableFuture<Void> woken) {
    synchronized (this) {
      watched.waiting.remove(woken);
      if (--watched.waiters > 0) {
        return;
      }
      queues.remove(queue, watched);
    }
    watched.subscription.close();
  }
}
