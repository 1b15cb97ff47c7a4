package dev.pitstop.server.metrics;

import dev.pitstop.Listener;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueCounters;
import dev.pitstop.QueueStats;
import dev.pitstop.broker.Relay;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a server, as Prometheus reads them. Thread-safe.
 *
 * <p>The first {@value #MOST_QUEUES} queues that a process meets have series of their own, all
 * others share those of the queue {@code other}. Queues that servers keep for themselves have none.
 */
public final class Meters implements AutoCloseable {
  private static final int MOST_QUEUES = 100;
  private static final int MOST_RESULTS = 20;
  private static final Duration[] LATE = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1)
  };

  private record Webhook(String queue, String result) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final StoreCalls calls = new StoreCalls(registry);
  private final RelayCounts relays = new RelayCounts(registry);
  private final Quantile lateness = new Quantile();
  private final Labels queues = new Labels(MOST_QUEUES);
  private final Labels results = new Labels(MOST_RESULTS);
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, Timer> late = new ConcurrentHashMap<>();
  private final ConcurrentMap<Webhook, Timer> webhooks = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Counted> counted = new ConcurrentHashMap<>();
  private final AtomicInteger up = new AtomicInteger(1);
  private final MultiGauge messages =
      gauge("pitstop.messages", "Messages that queues hold, by state");
  private final MultiGauge overdue =
      MultiGauge.builder("pitstop.overdue")
          .description("How long ago the message that waits longest fell due")
          .baseUnit("seconds")
          .register(registry);
  private final MultiGauge paused = gauge("pitstop.paused", "1 for a queue that is paused");
  private final MultiGauge listeners =
      gauge("pitstop.listener.healthy", "1 for a queue whose listeners here reach the store");
  private volatile @Nullable Pitstop pitstop;

  /** Those of a process, with figures of the Java machine. */
  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    garbage.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    Gauge.builder("pitstop.store.up", up, AtomicInteger::get)
        .description("1 when the store answered when it was asked last for these figures")
        .register(registry);
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** A store that does what another does, with its calls measured. */
  public Store around(Store store) {
    return new MeteredStore(store, this, calls);
  }

  /** Whose counters are shown from now on. */
  public void watch(Pitstop pitstop) {
    this.pitstop = pitstop;
  }

  /** The queues that this process has had to do with, but for those that servers keep. */
  public Set<String> queues() {
    return Set.copyOf(seen);
  }

  /** How long calls of the store took lately. */
  public Quantile storeCalls() {
    return calls.times();
  }

  /** How late messages were leased here lately. */
  public Quantile lateness() {
    return lateness;
  }

  /**
   * A webhook was called.
   *
   * @param result what came of it in a word, as {@code ok} or {@code timeout}; there are few of
   *     them
   * @param took until the answer, or until none was waited for any more
   */
  public void webhook(String queue, String result, Duration took) {
    Webhook webhook = new Webhook(queues.of(queue), results.of(result));
    webhooks.computeIfAbsent(webhook, this::webhook).record(took);
  }

  private Timer webhook(Webhook webhook) {
    return Timer.builder("pitstop.webhook")
        .description("Calls of webhooks, by what came of them")
        .tags("queue", webhook.queue, "result", webhook.result)
        .serviceLevelObjectives(LATE)
        .register(registry);
  }

  /**
   * A relay runs from now on.
   *
   * @param direction in a word: {@code take} or {@code emit}
   * @param counters what it has done, asked for whenever figures are read
   */
  public void relay(String queue, String direction, Supplier<Relay.Counters> counters) {
    relays.add(queues.of(queue), direction, counters);
  }

  /** All figures in the text format of Prometheus, those of what queues hold left out. */
  public String scrape() {
    up.set(0);
    List.of(messages, overdue, paused).forEach(gauge -> gauge.register(List.of(), true));
    return read();
  }

  /** All figures in the text format of Prometheus. */
  public String scrape(List<QueueStats> stats, Instant now) {
    up.set(1);
    Map<String, Held> held = new TreeMap<>();
    for (QueueStats one : stats) {
      if (!Reserved.is(one.queue())) {
        held.computeIfAbsent(queues.of(one.queue()), label -> new Held()).add(one, now);
      }
    }
    messages.register(
        held.entrySet().stream()
            .flatMap(entry -> entry.getValue().rows(entry.getKey()).stream())
            .collect(Collectors.toList()),
        true);
    overdue.register(rows(held, one -> one.overdueMillis / 1000.0), true);
    paused.register(rows(held, one -> one.paused), true);
    return read();
  }

  private String read() {
    Pitstop watched = pitstop;
    if (watched != null) {
      seen.forEach(queue -> count(watched, queue));
      Map<String, Integer> healthy = new TreeMap<>();
      for (Listener listener : watched.listeners()) {
        if (!Reserved.is(listener.queue())) {
          healthy.merge(
              queues.of(listener.queue()), listener.health().healthy() ? 1 : 0, Math::min);
        }
      }
      listeners.register(
          healthy.entrySet().stream()
              .map(entry -> MultiGauge.Row.of(queue(entry.getKey()), entry.getValue()))
              .collect(Collectors.toList()),
          true);
    }
    return registry.scrape();
  }

  private static Iterable<MultiGauge.Row<?>> rows(
      Map<String, Held> held, java.util.function.ToDoubleFunction<Held> figure) {
    return held.entrySet().stream()
        .<MultiGauge.Row<?>>map(
            entry ->
                MultiGauge.Row.of(queue(entry.getKey()), figure.applyAsDouble(entry.getValue())))
        .toList();
  }

  private static Tags queue(String label) {
    return Tags.of("queue", label);
  }

  /** A queue is worked on. */
  void sees(String queue) {
    if (!seen.contains(queue) && !Reserved.is(queue)) {
      seen.add(queue);
    }
  }

  /** Messages were leased. */
  void leased(String queue, List<Entry> leased, Duration leaseTime) {
    if (Reserved.is(queue)) {
      return;
    }
    Timer timer = late.computeIfAbsent(queues.of(queue), this::lateness);
    for (Entry entry : leased) {
      Instant at = entry.leased().until().minus(leaseTime);
      long millis = Math.max(0, at.toEpochMilli() - entry.dueMillis());
      timer.record(millis, TimeUnit.MILLISECONDS);
      lateness.record(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  private Timer lateness(String label) {
    return Timer.builder("pitstop.lateness")
        .description("How long after their due time messages were leased, by the store's clock")
        .tag("queue", label)
        .serviceLevelObjectives(LATE)
        .register(registry);
  }

  private void count(Pitstop watched, String queue) {
    Counted sum = counted.computeIfAbsent(queues.of(queue), this::counters);
    sum.queues.computeIfAbsent(queue, name -> watched.queue(name));
  }

  private Counted counters(String label) {
    Counted sum = new Counted();
    counter(label, sum, "stored", "Messages stored", QueueCounters::stored);
    counter(label, sum, "emitted", "Deliveries handed out", QueueCounters::emitted);
    counter(label, sum, "acked", "Deliveries acked", QueueCounters::acked);
    counter(label, sum, "nacked", "Deliveries nacked", QueueCounters::nacked);
    counter(label, sum, "released", "Deliveries given back", QueueCounters::released);
    counter(label, sum, "rescheduled", "Deliveries rescheduled", QueueCounters::rescheduled);
    counter(label, sum, "buried", "Messages set aside", QueueCounters::buried);
    counter(label, sum, "given.up", "Occurrences given up", QueueCounters::givenUp);
    counter(label, sum, "skipped", "Missed occurrences not emitted", QueueCounters::skipped);
    counter(label, sum, "ended", "Recurring messages whose end passed", QueueCounters::ended);
    counter(label, sum, "lease.lost", "Settles whose lease was lost", QueueCounters::leaseLost);
    return sum;
  }

  private void counter(
      String label,
      Counted sum,
      String name,
      String description,
      ToLongFunction<QueueCounters> number) {
    FunctionCounter.builder("pitstop." + name, sum, counted -> counted.sum(number))
        .description(description)
        .tags(queue(label))
        .register(registry);
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }

  /** The queues that are counted under one label. */
  private static final class Counted {
    private final ConcurrentMap<String, MessageQueue<byte[]>> queues = new ConcurrentHashMap<>();

    double sum(ToLongFunction<QueueCounters> number) {
      return queues.values().stream()
          .mapToLong(queue -> number.applyAsLong(queue.counters()))
          .sum();
    }
  }

  /** What the queues under one label hold. For one thread. */
  private static final class Held {
    private long scheduled;
    private long leased;
    private long buried;
    private long overdueMillis;
    private int paused;

    void add(QueueStats stats, Instant now) {
      scheduled += stats.scheduled();
      leased += stats.leased();
      buried += stats.buried();
      paused = stats.paused() ? 1 : paused;
      stats
          .nextDue()
          .map(due -> Duration.between(due, now).toMillis())
          .ifPresent(millis -> overdueMillis = Math.max(overdueMillis, millis));
    }

    List<MultiGauge.Row<?>> rows(String label) {
      return List.of(
          MultiGauge.Row.of(queue(label).and("state", "scheduled"), scheduled),
          MultiGauge.Row.of(queue(label).and("state", "leased"), leased),
          MultiGauge.Row.of(queue(label).and("state", "buried"), buried));
    }
  }
}
