package dev.pitstop.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The store does what the store in memory does, call by call, and what it holds survives being
 * opened again. The calls are random; a failure names its seed.
 */
final class ModelTest {
  private static final int STEPS = 500;
  private static final List<String> QUEUES = List.of("a", "b");
  private static final List<String> PREFIXES = List.of("", "id ", "id 1", "4b7cfe9a-1b2c-4", "4b8");
  private static final List<State> STATES = List.of(State.values());
  private static final int IDS = 12;

  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final MemoryStore model = MemoryStore.on(clock);
  private Instant latest = clock.instant();
  private final List<Held> held = new ArrayList<>();

  /** One lease as either store gave it. */
  private record Held(Key key, long token, long modelToken) {}

  static LongStream seeds() {
    long one = System.nanoTime();
    return LongStream.concat(LongStream.rangeClosed(1, 12), LongStream.of(one));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void behavesAsTheStoreInMemory(long seed) {
    Random random = new Random(seed);
    RocksDbStore store = Fixtures.open(directory, clock);
    try {
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(60) == 0) {
          // a lease that ran out while it was open may run on if opened by a clock that stepped
          // back
          if (clock.instant().isBefore(latest)) {
            clock.set(latest);
          }
          store.close();
          store = Fixtures.open(directory, clock);
        }
        step(random, store, "seed " + seed + ", step " + step);
      }
    } finally {
      store.close();
    }
  }

  private void step(Random random, RocksDbStore store, String at) {
    String queue = QUEUES.get(random.nextInt(QUEUES.size()));
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> {
        List<Put> puts = puts(random);
        assertThat(store.put(puts)).as(at).isEqualTo(model.put(puts));
      }
      case 4, 5, 6 -> lease(random, store, queue, at);
      case 7, 8, 9 -> settle(random, store, at);
      case 10 -> {
        List<Key> keys = List.of(key(random), key(random), key(random));
        assertThat(store.remove(keys)).as(at).isEqualTo(model.remove(keys));
      }
      case 11 -> {
        Key key = key(random);
        assertThat(store.requeue(key)).as(at).isEqualTo(model.requeue(key));
        if (random.nextInt(4) == 0) {
          assertThat(store.requeueAll(queue)).as(at).isEqualTo(model.requeueAll(queue));
        }
        if (random.nextInt(12) == 0) {
          assertThat(store.purge(queue)).as(at).isEqualTo(model.purge(queue));
        }
      }
      case 12 -> {
        Key key = key(random);
        Instant anew = clock.instant().plusMillis(random.nextInt(4000) - 2000);
        Instant due =
            model
                .find(key)
                .filter(entry -> random.nextBoolean())
                .map(Entry::progress)
                .map(Progress::due)
                .orElse(anew);
        assertThat(store.reschedule(key, due)).as(at).isEqualTo(model.reschedule(key, due));
      }
      case 13 -> {
        boolean paused = random.nextInt(3) == 0;
        assertThat(store.pause(queue, paused)).as(at).isEqualTo(model.pause(queue, paused));
      }
      default -> moveClock(random);
    }
    compare(store, at);
    compareSome(random, store, queue, at);
  }

  private void moveClock(Random random) {
    if (latest.isBefore(clock.instant())) {
      latest = clock.instant();
    }
    if (random.nextInt(6) == 0) {
      clock.set(clock.instant().minusMillis(random.nextInt(3000)));
    } else {
      clock.advance(Duration.ofMillis(random.nextInt(2000)));
    }
  }

  private void lease(Random random, Store store, String queue, String at) {
    int limit = 1 + random.nextInt(5);
    Duration time = Duration.ofMillis(1 + random.nextInt(3000));
    List<Entry> leased = store.lease(queue, limit, time);
    List<Entry> expected = model.lease(queue, limit, time);
    assertThat(plain(leased)).as(at).isEqualTo(plain(expected));
    for (int i = 0; i < leased.size(); i++) {
      Key key = leased.get(i).key();
      long token = leased.get(i).leased().token();
      assertThat(held).as(at).allMatch(old -> old.token < token);
      held.add(new Held(key, token, expected.get(i).leased().token()));
    }
  }

  private void settle(Random random, Store store, String at) {
    List<Settlement> settlements = new ArrayList<>();
    List<Settlement> expected = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0 && !held.isEmpty(); i--) {
      Held one = held.get(held.size() - 1 - random.nextInt(Math.min(20, held.size())));
      Instant due = clock.instant().plusMillis(random.nextInt(4000) - 2000);
      Progress progress = new Progress(due, clock.instant(), random.nextInt(2), 1, "it failed");
      Duration time = Duration.ofMillis(1 + random.nextInt(3000));
      int kind = random.nextInt(4);
      settlements.add(settlement(kind, one.key, one.token, progress, time));
      expected.add(settlement(kind, one.key, one.modelToken, progress, time));
    }
    assertThat(store.settle(settlements)).as(at).isEqualTo(model.settle(expected));
  }

  private static Settlement settlement(
      int kind, Key key, long token, Progress progress, Duration time) {
    return switch (kind) {
      case 0 -> new Settlement.Delete(key, token);
      case 1 -> new Settlement.Move(key, token, progress);
      case 2 -> new Settlement.Bury(key, token, progress);
      default -> new Settlement.Extend(key, token, time);
    };
  }

  private List<Put> puts(Random random) {
    List<Put> puts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte[] body = new byte[random.nextInt(5) == 0 ? 3000 : random.nextInt(50)];
      random.nextBytes(body);
      Map<String, String> headers = new LinkedHashMap<>();
      for (int h = random.nextInt(3); h > 0; h--) {
        headers.put("header " + h, "å value");
      }
      String type = random.nextBoolean() ? "application/json" : "image/png";
      Payload payload = new Payload(body, type, headers);
      Instant due = clock.instant().plusMillis(random.nextInt(6000) - 2000);
      Progress progress = Progress.starting(due);
      String schedule = random.nextInt(3) == 0 ? "every PT1H" : null;
      Entry entry =
          random.nextInt(8) == 0
              ? new Entry(
                  key(random),
                  payload,
                  schedule,
                  State.BURIED,
                  new Progress(due, due.minusMillis(5), 3, 4, "before"),
                  null)
              : Entry.scheduled(key(random), payload, schedule, progress);
      IfPresent ifPresent =
          switch (random.nextInt(6)) {
            case 0 -> IfPresent.KEEP;
            case 1 -> IfPresent.FAIL;
            default -> IfPresent.REPLACE;
          };
      puts.add(new Put(entry, ifPresent, false));
    }
    return puts;
  }

  private static Key key(Random random) {
    int id = random.nextInt(IDS);
    String queue = QUEUES.get(random.nextInt(QUEUES.size()));
    return new Key(
        queue, id % 2 == 0 ? "id " + id : "4b7cfe9a-1b2c-4d3e-8f40-00000000000" + id % 10);
  }

  private void compare(Store store, String at) {
    assertThat(store.stats()).as(at).isEqualTo(model.stats());
    for (String queue : QUEUES) {
      assertThat(store.untilNextDue(queue)).as(at).isEqualTo(model.untilNextDue(queue));
      List<Entry> expected = Fixtures.all(model, queue);
      assertThat(plain(Fixtures.all(store, queue))).as(at).isEqualTo(plain(expected));
      for (State state : State.values()) {
        assertThat(plain(store.list(queue, Filter.of(state), Optional.empty(), 100).items()))
            .as(at)
            .isEqualTo(plain(model.list(queue, Filter.of(state), Optional.empty(), 100).items()));
      }
      for (Entry entry : expected) {
        Optional<Entry> found = store.find(entry.key());
        assertThat(found.map(ModelTest::plain)).as(at).contains(plain(entry));
      }
    }
  }

  /** What is asked of a part of a queue: a window of due times, the beginning of an id. */
  private void compareSome(Random random, Store store, String queue, String at) {
    List<Instant> edges = new ArrayList<>();
    for (int i = 0, after = -3000; i < 5; i++, after += 1 + random.nextInt(2000)) {
      edges.add(clock.instant().plusMillis(after));
    }
    int most = 1 + random.nextInt(6);
    assertThat(store.countDue(queue, edges, most))
        .as(at)
        .isEqualTo(model.countDue(queue, edges, most));
    Filter window = Filter.ALL.dueFrom(edges.get(0)).dueBefore(edges.get(3));
    Filter filter =
        random.nextBoolean() ? window : window.state(STATES.get(random.nextInt(STATES.size())));
    assertThat(plain(Fixtures.all(store, queue, filter)))
        .as(at)
        .isEqualTo(plain(Fixtures.all(model, queue, filter)));
    if (random.nextInt(8) == 0) {
      String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
      assertThat(plain(Fixtures.search(store, queue, prefix, 7)))
          .as(at)
          .containsExactlyInAnyOrderElementsOf(plain(Fixtures.search(model, queue, prefix, 7)));
    }
  }

  private static List<Plain> plain(List<Entry> entries) {
    return entries.stream().map(ModelTest::plain).toList();
  }

  private static Plain plain(Entry entry) {
    Lease lease = entry.lease();
    return new Plain(
        entry.key(),
        new String(entry.payload().body(), StandardCharsets.ISO_8859_1),
        entry.payload().contentType(),
        List.copyOf(entry.payload().headers().entrySet()),
        entry.schedule(),
        entry.state(),
        entry.progress(),
        lease == null ? null : lease.until());
  }

  /** An entry that equals others, without its token. */
  private record Plain(
      Key key,
      String body,
      String type,
      List<Map.Entry<String, String>> headers,
      @Nullable String schedule,
      State state,
      Progress progress,
      @Nullable Instant until) {}
}
