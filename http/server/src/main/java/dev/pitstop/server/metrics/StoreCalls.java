package dev.pitstop.server.metrics;

import dev.pitstop.InvalidFieldException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Measures calls of a store: how long each takes, how many fail, and how large batches are. */
final class StoreCalls {
  private static final Duration[] TIMES = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10)
  };
  private static final double[] SIZES = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};

  private final MeterRegistry registry;
  private final ConcurrentMap<String, Operation> operations = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, DistributionSummary> sizes = new ConcurrentHashMap<>();
  private final Quantile times = new Quantile();

  private record Operation(Timer times, Counter errors) {}

  StoreCalls(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How long calls took lately, whatever they did. */
  Quantile times() {
    return times;
  }

  /** A call that does so many things at once. */
  <R> R batch(String operation, int size, Supplier<R> call) {
    size(operation, size);
    return call(operation, call);
  }

  void size(String operation, int size) {
    DistributionSummary known = sizes.get(operation);
    (known != null ? known : sizes.computeIfAbsent(operation, this::summary)).record(size);
  }

  <R> R call(String operation, Supplier<R> call) {
    Operation meters = of(operation);
    long begun = System.nanoTime();
    boolean failed = true;
    try {
      R result = call.get();
      failed = false;
      return result;
    } catch (InvalidFieldException e) {
      failed = false; // a fault of who asked
      throw e;
    } finally {
      long took = System.nanoTime() - begun;
      meters.times.record(took, TimeUnit.NANOSECONDS);
      times.record(took);
      if (failed) {
        meters.errors.increment();
      }
    }
  }

  private Operation of(String name) {
    Operation known = operations.get(name);
    return known != null ? known : operations.computeIfAbsent(name, this::meters);
  }

  private Operation meters(String operation) {
    return new Operation(
        Timer.builder("pitstop.store.call")
            .description("How long calls of the store take")
            .tag("operation", operation)
            .serviceLevelObjectives(TIMES)
            .register(registry),
        Counter.builder("pitstop.store.errors")
            .description("Calls of the store that failed")
            .tag("operation", operation)
            .register(registry));
  }

  private DistributionSummary summary(String operation) {
    return DistributionSummary.builder("pitstop.store.batch")
        .description("How many messages a call of the store is about")
        .tag("operation", operation)
        .serviceLevelObjectives(SIZES)
        .register(registry);
  }
}
