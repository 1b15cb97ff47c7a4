package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.PitstopOptions;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Runner;
import dev.pitstop.spi.Runner.Ticking;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes queues with listeners of a store. Thread-safe. */
public final class Engine implements Pitstop {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration DRAIN_TIME = Duration.ofSeconds(30);

  /** About what it costs to wake a thread twice; no settle is waited for that way. */
  private static final Duration LINGER = Duration.ofNanos(50_000);

  private static final Flow.Subscription NO_SUBSCRIPTION =
      new Flow.Subscription() {
        @Override
        public void request(long n) {
          // nothing comes
        }

        @Override
        public void cancel() {
          // nothing was to come
        }
      };

  private final Store store;
  private final PitstopOptions options;
  private final Runner runner;
  private final WriteCombiner<Write, Write.Result> writes;
  private final WriteCombiner<Settlement, Boolean> settles;
  private final Questions questions;
  private final ConcurrentMap<String, Counters> counters = new ConcurrentHashMap<>();
  private final Set<QueueListener<?>> listeners = ConcurrentHashMap.newKeySet();
  private final Ticking watch;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private @Nullable Ticking keeper; // guarded by this
  private boolean closing; // guarded by this

  private Engine(Store store, PitstopOptions options, Runner runner) {
    this.store = store;
    Duration timeout = Terms.atMostACentury(options.callTimeout());
    this.options = options.callTimeout(timeout);
    this.runner = runner;
    this.writes =
        new WriteCombiner<>(
            "store", puts -> Write.to(store, puts), runner.writers(), timeout, LINGER);
    this.settles =
        new WriteCombiner<>("settle", store::settle, runner.writers(), timeout, Duration.ZERO);
    this.questions = new Questions(store, runner.writers(), timeout);
    this.watch = runner.start("pitstop-watch", true, this::expireCalls);
  }

  /** Opens the store at an address; options in the address go before those given. */
  public static Pitstop open(String address, PitstopOptions options) {
    return open(address, options, store -> store);
  }

  /** Opens the store at an address, and works on what is made of it. */
  public static Pitstop open(String address, PitstopOptions options, UnaryOperator<Store> around) {
    OpenedStore opened = OpenedStore.at(address, options);
    return on(around.apply(opened.store()), opened.options());
  }

  /** Works on a store, on threads. */
  public static Pitstop on(Store store, PitstopOptions options) {
    return on(store, options, new ThreadRunner());
  }

  /** Works on a store, on what a runner gives. */
  public static Pitstop on(Store store, PitstopOptions options, Runner runner) {
    return new Engine(store, options, runner);
  }

  @Override
  public <T> MessageQueue<T> queue(String name, Codec<T> codec) {
    String checked = Limits.queue(name);
    return new EngineQueue<>(
        this, checked, codec, counters.computeIfAbsent(checked, queue -> new Counters()));
  }

  @Override
  public List<QueueStats> stats() {
    try {
      return ask(Store::stats).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PitstopException failure) {
        throw failure;
      }
      throw e;
    }
  }

  @Override
  public List<Listener> listeners() {
    return List.copyOf(listeners);
  }

  @Override
  public void close() {
    close(DRAIN_TIME);
  }

  @Override
  public void close(Duration drainTime) {
    boolean first;
    Objects.requireNonNull(drainTime, "drainTime");
    synchronized (this) {
      first = !closing;
      closing = true;
    }
    boolean inHandler = listeners.stream().anyMatch(QueueListener::runsHere);
    CompletableFuture<?>[] stops =
        listeners.stream()
            .map(listener -> listener.stop(drainTime))
            .toArray(CompletableFuture<?>[]::new);
    if (first) {
      CompletableFuture.allOf(stops).thenRunAsync(this::shutDown, runner.writers());
    }
    if (!inHandler) {
      closed.join();
    }
  }

  Store store() {
    return store;
  }

  PitstopOptions options() {
    return options;
  }

  Executor handlers() {
    return runner.handlers();
  }

  Executor writers() {
    return runner.writers();
  }

  WriteCombiner<Write, Write.Result> writes() {
    return writes;
  }

  /** A listener has stopped. */
  void forget(QueueListener<?> listener) {
    listeners.remove(listener);
  }

  <R> CompletableFuture<R> ask(Function<Store, R> question) {
    return questions.ask(question);
  }

  CompletableFuture<Boolean> remove(Key key) {
    CompletableFuture<Boolean> removed = new CompletableFuture<>();
    writes.submitWithin(
        new WriteCombiner.Call<>(new Write.Removing(key)) {
          @Override
          void done(Write.Result result) {
            if (result instanceof Write.Failed failed) {
              failed(failed.failure());
            } else {
              removed.complete(((Write.Removed) result).there());
            }
          }

          @Override
          void failed(PitstopException failure) {
            removed.completeExceptionally(failure);
          }
        },
        0);
    return removed;
  }

  /** Starts a listener whose deliveries go to an outlet. */
  <T> QueueListener<T> listen(
      EngineQueue<T> queue, ListenerOptions wanted, Outlet.Maker<T> outlet) {
    QueueListener<T> listener = listener(queue, wanted, outlet);
    start(listener);
    return listener;
  }

  /** Starts a listener whose deliveries go to a subscriber. */
  <T> void subscribe(
      EngineQueue<T> queue,
      ListenerOptions wanted,
      Flow.Subscriber<? super Delivery<T>> subscriber) {
    try {
      listen(
          queue,
          wanted,
          (changed, stop) -> new SubscriptionOutlet<>(subscriber, wanted, changed, stop));
    } catch (StoreUnavailableException e) {
      subscriber.onSubscribe(NO_SUBSCRIPTION);
      subscriber.onError(e);
    }
  }

  private <T> QueueListener<T> listener(
      EngineQueue<T> queue, ListenerOptions wanted, Outlet.Maker<T> outlet) {
    Terms terms = Terms.of(wanted, options);
    Planner planner = new Planner(terms.retry(), queue.engineCounters());
    Settler settler = new Settler(planner, settles, store, queue.engineCounters());
    return new QueueListener<>(queue, terms, planner, settler, outlet);
  }

  /** Leases for who asks, in place of a listener. */
  <T> Puller<T> puller(EngineQueue<T> queue, ListenerOptions wanted) {
    Terms terms = Terms.of(wanted, options);
    Planner planner = new Planner(terms.retry(), queue.engineCounters());
    Settler settler = new Settler(planner, settles, store, queue.engineCounters());
    return new Puller<>(queue, terms, planner, settler);
  }

  private void start(QueueListener<?> listener) {
    synchronized (this) {
      if (closing) {
        throw new StoreUnavailableException("cannot listen: Pitstop is closed");
      }
      listeners.add(listener);
      if (keeper == null) {
        keeper = runner.start("pitstop-keeper", true, new LeaseKeeper(() -> listeners)::tick);
      }
    }
    listener.start(runner);
    keeper().wake();
  }

  private synchronized Ticking keeper() {
    return Objects.requireNonNull(keeper);
  }

  private Duration expireCalls() {
    Duration granularity = options.callTimeout().dividedBy(20);
    writes.expire(granularity);
    settles.expire(granularity);
    questions.expire(granularity);
    listeners.forEach(listener -> listener.checkStall(options.callTimeout()));
    return granularity;
  }

  private void shutDown() {
    try {
      long end = System.nanoTime() + options.callTimeout().toNanos();
      writes.close(end);
      settles.close(end);
      Ticking running;
      synchronized (this) {
        running = keeper;
      }
      if (running != null) {
        running.stop();
      }
      questions.close(end);
      watch.stop();
      store.close();
    } catch (RuntimeException e) {
      log.warn("the store did not close cleanly", e);
    } finally {
      closed.complete(null);
      runner.close();
    }
  }
}
