package dev.pitstop.server.live;

import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.metrics.Health;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.server.metrics.MetricsRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server shows while it runs: figures, health, queues as they change, their past and future,
 * and its fellows; and what is done with many messages at once. Thread-safe.
 */
public final class Live {
  private static final Logger log = LoggerFactory.getLogger(Live.class);
  private static final int BEAT_SECONDS = 5;
  private static final int WRITE_SECONDS = 60;
  private static final int SWEEP_SECONDS = 300;

  private final Node node;
  private final Sampler sampler;
  private final Rates rates;
  private final Events events;
  private final History history;
  private final Nodes nodes;
  private final List<Route> routes = new ArrayList<>();
  private final AtomicBoolean ticking = new AtomicBoolean();
  private long seconds; // of whoever ticks

  /**
   * What is shown of a node from now on.
   *
   * @param targets what is shown of a queue's target, as JSON; empty when it has none
   */
  public Live(Node node, Meters meters, Function<String, Optional<byte[]>> targets) {
    this.node = node;
    meters.watch(node.pitstop());
    String self = UUID.randomUUID().toString();
    sampler = new Sampler(node);
    rates = new Rates(node.pitstop(), meters::queues);
    QueueViews views = new QueueViews(node, sampler, rates, targets);
    events = new Events(node, sampler, views);
    history = new History(node, self);
    nodes = new Nodes(node, meters, self);
    routes.addAll(views.routes());
    routes.addAll(events.routes());
    routes.addAll(new Timeline(node, sampler, history).routes());
    routes.addAll(new Bulk(node, events).routes());
    routes.addAll(nodes.routes());
    routes.addAll(new Health(node).routes());
    routes.addAll(new MetricsRoute(node, meters, this::stats).routes());
    node.timer().scheduleAtFixedRate(this::begin, 0, 1, TimeUnit.SECONDS);
  }

  /** All that can be asked for. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  private CompletableFuture<List<QueueStats>> stats() {
    return sampler.latest().thenApply(Sampler.Sample::queues);
  }

  /** What is done each second may wait for the store, the timer may not. */
  private void begin() {
    if (ticking.compareAndSet(false, true)) {
      node.blocking().execute(this::tick);
    }
  }

  private void tick() {
    try {
      history.add(rates.read(), node.now());
      if (seconds % BEAT_SECONDS == 0) {
        nodes.beat();
      }
      if (seconds % WRITE_SECONDS == WRITE_SECONDS - 1) {
        history.write(node.now());
      }
      if (seconds % SWEEP_SECONDS == SWEEP_SECONDS - 1) {
        sweep();
      }
    } catch (PitstopException e) {
      log.debug("the store is away; what was not done now is done later", e);
    } catch (RuntimeException e) {
      log.warn("what is done each second failed", e);
    } finally {
      seconds++;
      ticking.set(false);
    }
  }

  private void sweep() {
    CompletableFuture.allOf(history.sweep(), nodes.sweep())
        .exceptionally(
            failure -> {
              log.debug("what servers no longer need stays for now", failure);
              return null;
            });
  }

  /**
   * Stores what is to outlast this process and signs off; to be called when no more requests come
   * and before the store is closed.
   *
   * @param limit waits for so long at most
   */
  public void close(Duration limit) {
    try {
      history.add(rates.read(), node.now());
      CompletableFuture.allOf(history.write(node.now()), nodes.close())
          .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (RuntimeException e) {
      log.warn("the last totals could not be stored", e);
    }
  }
}
