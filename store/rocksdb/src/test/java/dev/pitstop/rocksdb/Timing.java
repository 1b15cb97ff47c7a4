package dev.pitstop.rocksdb;

import com.sun.management.OperatingSystemMXBean;
import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Times the store beside bare RocksDB on the same disk: {@code Timing DIRECTORY [MESSAGES
 * [LATER]]}. Not a test.
 */
final class Timing {
  private static final int PUT = 1000;
  private static final int LEASE = 500;
  private static final int BODY = 200;
  private static final Duration LEASE_TIME = Duration.ofMinutes(15);

  private final Path directory;
  private final int messages;
  private final Random random = new Random(1);
  private double making;

  private Timing(Path directory, int messages) {
    this.directory = directory;
    this.messages = messages;
  }

  public static void main(String[] args) throws Exception {
    int messages = args.length > 1 ? Integer.parseInt(args[1]) : 500_000;
    int later = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Timing timing = new Timing(Path.of(args[0]), messages);
    int rounds = later > 0 ? 1 : 2;
    for (int round = 1; round <= rounds; round++) {
      double start = allCpu();
      double[] floor = timing.floor();
      double between = allCpu();
      double[] store = timing.store(later);
      System.out.printf(
          "CPU of all threads: bare %.1f s, store %.1f s%n", between - start, allCpu() - between);
      reopen(timing.directory.resolve("store"));
      System.out.printf(
          "round %d: put %.0f/s = %.2f of bare (CPU %.2f), drain %.0f/s = %.2f of bare (CPU %.2f)%n",
          round,
          store[0],
          store[0] / floor[0],
          floor[2] / store[2],
          store[1],
          store[1] / floor[1],
          floor[3] / store[3]);
    }
  }

  /** Two keys a message, 1000 a synced batch; then read and deleted from the front. */
  private double[] floor() throws RocksDBException {
    Path path = clean("bare");
    byte[] body = body();
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB db = RocksDB.open(options, path.toString());
        WriteOptions synced = new WriteOptions().setSync(true);
        WriteOptions unsynced = new WriteOptions()) {
      double cpu = cpu();
      long start = System.nanoTime();
      for (int i = 0; i < messages; i += PUT) {
        try (WriteBatch batch = new WriteBatch()) {
          for (int j = i; j < i + PUT; j++) {
            batch.put(new Buf(20).u8(1).i64(j).i64(j).toArray(), body);
            batch.put(new Buf(20).u8(2).i64(j).i64(j).toArray(), new byte[8]);
          }
          db.write(synced, batch);
        }
      }
      double put = rate(messages, start);
      double putCpu = cpu() - cpu;
      cpu = cpu();
      start = System.nanoTime();
      byte[] from = {1};
      for (int i = 0; i < messages; i += LEASE) {
        try (WriteBatch batch = new WriteBatch();
            RocksIterator iterator = db.newIterator()) {
          iterator.seek(from);
          for (int j = 0; j < LEASE; j++) {
            byte[] key = iterator.key();
            if (iterator.value().length != BODY) {
              throw new IllegalStateException("not what was put");
            }
            from = key;
            batch.delete(key);
            key = key.clone();
            key[0] = 2;
            batch.delete(key);
            iterator.next();
          }
          db.write(unsynced, batch);
        }
      }
      double drain = rate(messages, start);
      double drainCpu = cpu() - cpu;
      System.out.printf(
          "bare: put %.0f/s (CPU %.1f us each), drain %.0f/s (CPU %.1f us each)%n",
          put, putCpu / messages * 1e6, drain, drainCpu / messages * 1e6);
      return new double[] {put, drain, putCpu, drainCpu};
    }
  }

  private double[] store(int later) {
    Path path = clean("store");
    try (RocksDbStore store = RocksDbStore.open(path, true, InstantSource.system())) {
      if (later > 0) {
        long start = System.nanoTime();
        put(store, later, Instant.now().plus(Duration.ofDays(1)), later);
        System.out.printf("loaded %d later ones at %.0f/s%n", later, rate(later, start));
        look(store, later);
      }
      double[] times = putAndDrain(store);
      for (int i = 0; i < 3 && later > 0; i++) {
        times = putAndDrain(store);
      }
      return times;
    }
  }

  private double[] putAndDrain(RocksDbStore store) {
    double cpu = cpu();
    double put = put(store, messages, Instant.now().minusSeconds(3600), 1);
    double putCpu = cpu() - cpu - making;
    long start = System.nanoTime();
    store.untilNextDue("q");
    System.out.printf("first look %.2f ms%n", millis(start));
    cpu = cpu();
    double drain = drain(store);
    double drainCpu = cpu() - cpu;
    start = System.nanoTime();
    store.untilNextDue("q");
    double look = millis(start);
    put(store, PUT, Instant.now(), 1);
    start = System.nanoTime();
    List<Entry> leased = store.lease("q", LEASE, LEASE_TIME);
    System.out.printf(
        "drained: look %.2f ms, next lease of %d %.2f ms%n", look, leased.size(), millis(start));
    store.settle(Fixtures.acks(leased));
    drain(store);
    time("searched after that", () -> store.search("q", "", Optional.empty(), 100).items().size());
    System.out.printf(
        "put %.0f/s (CPU %.1f us each), drain %.0f/s (CPU %.1f us each)%n",
        put, putCpu / messages * 1e6, drain, drainCpu / messages * 1e6);
    return new double[] {put, drain, putCpu, drainCpu};
  }

  /** What an operator's page asks for, of a queue in which many wait from tomorrow on. */
  private static void look(RocksDbStore store, int later) {
    Instant first = Instant.now().plus(Duration.ofDays(1));
    List<Instant> edges = new ArrayList<>();
    for (int i = 0; i <= 180; i++) {
      edges.add(first.plusMillis((long) later * i / 200));
    }
    Filter window = Filter.ALL.dueFrom(edges.get(90));
    for (int i = 0; i < 5; i++) {
      time(
          "180 windows counted",
          () -> store.countDue("q", edges, 1_001).stream().mapToLong(Long::longValue).sum());
      for (String prefix : List.of("", "7f", "order-")) {
        time(
            "searched <" + prefix + ">",
            () -> store.search("q", prefix, Optional.empty(), 100).items().size());
      }
      time("a window listed", () -> store.list("q", window, Optional.empty(), 100).items().size());
    }
  }

  private static void time(String what, LongSupplier call) {
    double cpu = cpu();
    long start = System.nanoTime();
    long count = call.getAsLong();
    System.out.printf(
        "%s: %d in %.1f ms (CPU %.1f ms)%n", what, count, millis(start), (cpu() - cpu) * 1e3);
  }

  private double put(RocksDbStore store, int count, Instant first, int spread) {
    long spent = 0;
    making = 0;
    for (int i = 0; i < count; i += PUT) {
      List<Put> puts = new ArrayList<>();
      double begin = cpu();
      for (int j = 0; j < PUT; j++) {
        UUID id = new UUID((random.nextLong() & ~0xF000L) | 0x4000L, random.nextLong());
        Payload payload = new Payload(body(), "application/json", Map.of());
        Instant due = first.plusMillis(spread > 1 ? random.nextInt(spread) : i / 100);
        Entry entry =
            Entry.scheduled(new Key("q", id.toString()), payload, null, Progress.starting(due));
        puts.add(new Put(entry, IfPresent.REPLACE, true));
      }
      making += cpu() - begin;
      long start = System.nanoTime();
      store.put(puts);
      spent += System.nanoTime() - start;
    }
    return count / (spent / 1e9);
  }

  private static void reopen(Path path) {
    long start = System.nanoTime();
    try (RocksDbStore store = RocksDbStore.open(path, true, InstantSource.system())) {
      System.out.printf("opened in %.0f ms", millis(start));
      start = System.nanoTime();
      store.untilNextDue("q");
      System.out.printf(", first look %.2f ms%n", millis(start));
    }
  }

  private double drain(RocksDbStore store) {
    long start = System.nanoTime();
    double slowest = 0;
    int count = 0;
    while (true) {
      long round = System.nanoTime();
      List<Entry> leased = store.lease("q", LEASE, LEASE_TIME);
      if (leased.isEmpty()) {
        break;
      }
      store.settle(Fixtures.acks(leased));
      count += leased.size();
      slowest = Math.max(slowest, millis(round));
    }
    double rate = rate(count, start);
    System.out.printf("drained %d, slowest round %.1f ms%n", count, slowest);
    return rate;
  }

  private byte[] body() {
    StringBuilder text = new StringBuilder("{\"text\":\"");
    while (text.length() < BODY - 2) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private Path clean(String name) {
    Path path = directory.resolve(name);
    try {
      if (Files.exists(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  /** Seconds of processor time that this thread took: what the others of a busy machine spoil. */
  private static double cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static double allCpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  private static double rate(int count, long start) {
    return count / ((System.nanoTime() - start) / 1e9);
  }

  private static double millis(long start) {
    return (System.nanoTime() - start) / 1e6;
  }
}
