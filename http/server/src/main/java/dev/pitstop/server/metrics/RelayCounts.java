package dev.pitstop.server.metrics;

import dev.pitstop.broker.Relay.Counters;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What relays have done, by queue and direction. Thread-safe. */
final class RelayCounts {
  private record Series(String queue, String direction) {}

  private final MeterRegistry registry;
  private final ConcurrentMap<Series, List<Supplier<Counters>>> relays = new ConcurrentHashMap<>();

  RelayCounts(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows the counters of one more relay. */
  void add(String queue, String direction, Supplier<Counters> counters) {
    relays.computeIfAbsent(new Series(queue, direction), this::begin).add(counters);
  }

  private List<Supplier<Counters>> begin(Series series) {
    List<Supplier<Counters>> all = new CopyOnWriteArrayList<>();
    counter(series, all, "pitstop.relayed", "Messages passed on and acked", Counters::passed);
    counter(series, all, "pitstop.relay.failed", "Messages not passed on", Counters::failed);
    counter(
        series,
        all,
        "pitstop.relay.unsettled",
        "Messages whose source could not be told what became of them",
        Counters::unsettled);
    return all;
  }

  private void counter(
      Series series,
      List<Supplier<Counters>> all,
      String name,
      String description,
      ToLongFunction<Counters> number) {
    FunctionCounter.builder(
            name, all, list -> list.stream().mapToLong(one -> number.applyAsLong(one.get())).sum())
        .description(description)
        .tags("queue", series.queue, "direction", series.direction)
        .register(registry);
  }
}
