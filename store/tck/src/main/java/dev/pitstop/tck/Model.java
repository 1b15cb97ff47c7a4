package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** A store in memory that takes the same steps as the store under test. Not thread-safe. */
final class Model {
  private static final List<String> QUEUES = List.of("q0", "q1");

  /** How often a failure is tried with a step less. */
  private static final int SHORTENINGS = 400;

  private final Trial trial;
  private final Store model;
  private final List<Hand> hands = new ArrayList<>();
  private final Map<Key, Long> tokens = new HashMap<>();
  private final List<String> log = new ArrayList<>();

  /** What a step does. */
  enum Kind {
    PUT,
    LEASE,
    PASS,
    SETTLE,
    REMOVE,
    REQUEUE,
    REQUEUE_ALL,
    PURGE,
    REOPEN
  }

  /**
   * One step.
   *
   * @param seed of what is random in it, so that it stays what it is when others are left out
   */
  record Step(Kind kind, long seed) {
    private static final List<Kind> OFTEN =
        List.of(
            Kind.PUT,
            Kind.LEASE,
            Kind.PASS,
            Kind.SETTLE,
            Kind.PUT,
            Kind.LEASE,
            Kind.PASS,
            Kind.SETTLE,
            Kind.PUT,
            Kind.LEASE,
            Kind.PASS,
            Kind.SETTLE,
            Kind.SETTLE,
            Kind.REMOVE,
            Kind.REQUEUE,
            Kind.REQUEUE);

    private static final List<Kind> ALL = List.of(Kind.values());

    static Step random(Random random) {
      List<Kind> kinds = random.nextInt(8) == 0 ? ALL : OFTEN;
      return new Step(kinds.get(random.nextInt(kinds.size())), random.nextLong());
    }
  }

  /** Steps of which the last ended otherwise than in the model. */
  record Failure(List<Step> steps, List<String> log, Throwable cause) {}

  /** A lease: as the store gave it and as the model did. */
  private record Hand(Entry real, Entry model) {}

  private Model(Trial trial) {
    this.trial = trial;
    this.model = MemoryStore.on(trial.clock());
  }

  /** Takes steps in a new store until one ends otherwise than in the model. */
  static Optional<Failure> run(Trial trial, List<Step> steps) {
    Trial fresh = trial.fresh();
    Model run = new Model(fresh);
    int taken = 0;
    try {
      for (Step step : steps) {
        taken++;
        run.take(step.kind(), new Random(step.seed()));
        run.compare();
      }
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(new Failure(List.copyOf(steps.subList(0, taken)), run.log, e));
    } finally {
      fresh.close();
    }
  }

  /** The random steps of a seed. */
  static List<Step> steps(long seed, int number) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      steps.add(Step.random(random));
    }
    return steps;
  }

  /** A failure of as few steps as leaving out one after the other leads to. */
  static Failure shortest(Trial trial, Failure first) {
    Failure shortest = first;
    int before = Integer.MAX_VALUE;
    int tries = 0;
    while (shortest.steps().size() < before) {
      before = shortest.steps().size();
      for (int i = before - 2; i >= 0 && tries < SHORTENINGS; i--, tries++) {
        if (i < shortest.steps().size() - 1) {
          List<Step> fewer = new ArrayList<>(shortest.steps());
          fewer.remove(i);
          shortest = run(trial, fewer).orElse(shortest);
        }
      }
    }
    return shortest;
  }

  private void take(Kind kind, Random random) {
    switch (kind) {
      case PUT -> put(random);
      case LEASE -> lease(random);
      case PASS -> {
        Duration time = Duration.ofMillis(5L * random.nextInt(600));
        log.add("pass " + time);
        trial.pass(time);
      }
      case SETTLE -> settle(random);
      case REMOVE -> {
        List<Key> keys = List.of(key(random), key(random));
        same("remove " + keys, store -> store.remove(keys));
      }
      case REQUEUE -> {
        Key key = key(random);
        same("requeue " + key, store -> store.requeue(key));
      }
      case REQUEUE_ALL -> {
        String queue = queue(random);
        same("requeue all of " + queue, store -> store.requeueAll(queue));
      }
      case PURGE -> {
        String queue = queue(random);
        same("purge " + queue, store -> store.purge(queue));
      }
      case REOPEN -> {
        if (trial.has(Capability.SURVIVES_KILL)) {
          log.add("kill and open again");
          trial.reopen("the model");
        }
      }
    }
  }

  private void put(Random random) {
    List<Put> puts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      Key key = key(random);
      Sample sample = new Sample(key.id(), soon(random)).queue(key.queue());
      sample.body(random.nextInt(8) == 0 ? new byte[random.nextInt(5_000)] : new byte[] {(byte) i});
      if (random.nextInt(4) == 0) {
        sample.schedule("every PT" + random.nextInt(100) + "S").header("h" + i, "v");
      }
      if (random.nextInt(8) == 0) {
        sample.buried("put aside");
      }
      if (random.nextInt(3) == 0) {
        sample.ifPresent(random.nextBoolean() ? IfPresent.KEEP : IfPresent.FAIL);
      }
      puts.add(sample.put());
    }
    String what =
        "put " + puts.stream().map(put -> put.ifPresent() + " " + Seen.of(put.entry())).toList();
    same(what, store -> store.put(puts));
  }

  private void lease(Random random) {
    String queue = queue(random);
    int limit = 1 + random.nextInt(5);
    Duration time = Duration.ofMillis(5L * (1 + random.nextInt(600)));
    log.add("lease up to " + limit + " of " + queue + " for " + time);
    List<Entry> real = trial.store().lease(queue, limit, time);
    List<Entry> expected = model.lease(queue, limit, time);
    assertThat(Seen.of(real)).as("leased").isEqualTo(Seen.of(expected));
    for (int i = 0; i < real.size(); i++) {
      Lease lease = real.get(i).leased();
      assertThat(lease.until()).as("lease end").isEqualTo(expected.get(i).leased().until());
      Long before = tokens.put(real.get(i).key(), lease.token());
      assertThat(lease.token()).as("token").isGreaterThan(before == null ? 0 : before);
      hands.add(new Hand(real.get(i), expected.get(i)));
    }
  }

  private void settle(Random random) {
    List<Settlement> real = new ArrayList<>();
    List<Settlement> expected = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0 && !hands.isEmpty(); i--) {
      int recent = Math.min(hands.size(), 8);
      Hand hand = hands.get(hands.size() - 1 - random.nextInt(recent));
      Function<Entry, Settlement> way = way(random);
      real.add(way.apply(hand.real));
      expected.add(way.apply(hand.model));
    }
    log.add("settle " + real);
    assertThat(trial.store().settle(real))
        .as("whether settling took effect")
        .isEqualTo(model.settle(expected));
  }

  private Function<Entry, Settlement> way(Random random) {
    Instant soon = soon(random);
    Duration time = Duration.ofMillis(5L * (1 + random.nextInt(600)));
    return switch (random.nextInt(6)) {
      case 0 -> Trial::delete;
      case 1 -> Trial::release;
      case 2 -> entry -> Trial.bury(entry, "aside");
      case 3 -> entry -> Trial.extend(entry, time);
      case 4 -> entry -> Trial.move(entry, Progress.starting(soon));
      default -> {
        int attempts = random.nextInt(5);
        yield entry -> Trial.move(entry, new Progress(soon, soon.plusMillis(1), 2, attempts, "e"));
      }
    };
  }

  private <T> void same(String what, Function<Store, T> call) {
    log.add(what);
    assertThat(call.apply(trial.store())).as("the answer").isEqualTo(call.apply(model));
  }

  /** Compares all that can be seen of both. */
  private void compare() {
    for (String queue : QUEUES) {
      assertThat(trial.store().untilNextDue(queue))
          .as("until next due of %s", queue)
          .isEqualTo(model.untilNextDue(queue));
      assertThat(shown(trial.store(), queue))
          .as("listing of %s", queue)
          .isEqualTo(shown(model, queue));
      assertThat(counts(trial.store(), queue))
          .as("waiting and leased, buried of %s", queue)
          .isEqualTo(counts(model, queue));
    }
  }

  /** The listing, each with its lease's end; buried ones of one instant have no order. */
  private List<String> shown(Store store, String queue) {
    List<String> live = new ArrayList<>();
    List<String> buried = new ArrayList<>();
    new Pages(store, queue, Filter.ALL, 4)
        .forEach(
            page -> {
              for (Entry entry : page) {
                boolean waits = trial.waits(entry);
                String shown =
                    (waits ? "" : entry.lease() == null ? "" : "until " + entry.leased().until())
                        + (waits ? Seen.of(entry).in(State.SCHEDULED) : Seen.of(entry));
                (entry.state() == State.BURIED ? buried : live).add(shown);
              }
            });
    buried.sort(Comparator.naturalOrder());
    live.addAll(buried);
    return live;
  }

  private static List<Long> counts(Store store, String queue) {
    return store.stats().stream()
        .filter(stats -> stats.queue().equals(queue))
        .map(stats -> List.of(stats.scheduled() + stats.leased(), stats.buried()))
        .findFirst()
        .orElse(List.of(0L, 0L));
  }

  /** Now or later; often the same time as another's. */
  private Instant soon(Random random) {
    return trial.now().plusMillis(random.nextInt(3) == 0 ? 0 : 100L * random.nextInt(30));
  }

  private static String queue(Random random) {
    return QUEUES.get(random.nextInt(4) == 0 ? 1 : 0);
  }

  private static Key key(Random random) {
    return new Key(queue(random), "m" + random.nextInt(10));
  }
}
