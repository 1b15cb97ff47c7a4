package dev.pitstop.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.pitstop.Deferral;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The embedded store through the whole public API beside raw RocksDB: bodies of 200 bytes,
 * generated ids, durable stores, rounds of both in turn and the median of each.
 */
public final class Embedded {
  private static final int LEASE = 500;

  private final Path root;
  private final int rounds;
  private final int messages;

  private Embedded(Path root, int rounds, int messages) {
    this.root = root;
    this.rounds = rounds;
    this.messages = messages;
  }

  /**
   * {@code embedded [--long] [PART...]}; without parts all of them, {@code long} with --long only.
   */
  public static void main(String[] args) throws Exception {
    Path root = Files.createTempDirectory(Path.of(System.getProperty("bench.dir")), "bench");
    Embedded bench = new Embedded(root, 5, 200_000);
    Parts parts = new Parts();
    parts.add("store", bench::storeAndDrain);
    parts.add("single", bench::single);
    parts.add("callers", bench::callers);
    parts.add("lateness", bench::lateness);
    parts.add("firstlease", bench::firstLease);
    parts.add("idle", bench::idle);
    parts.addLong("long", bench::flat);
    boolean known;
    try {
      known = parts.run(List.of(args));
    } finally {
      delete(root);
    }
    if (!known) {
      System.exit(2);
    }
  }

  private void storeAndDrain() throws Exception {
    double[][] rates = new double[4][rounds];
    for (int round = -1; round < rounds; round++) {
      double[] rate = new double[4];
      Path raw = directory("raw");
      try (RawRocksDb db = new RawRocksDb(raw)) {
        long start = System.nanoTime();
        for (int i = 0; i < messages; i += Traffic.BATCH) {
          db.put(Traffic.BATCH, Traffic.body());
        }
        rate[0] = Traffic.perSecond(messages, start);
        start = System.nanoTime();
        long taken = db.drain(LEASE);
        rate[1] = Traffic.perSecond(taken, start);
      }
      delete(raw);
      Path own = directory("own");
      try (Pitstop pitstop = open(own)) {
        MessageQueue<byte[]> queue = pitstop.queue("bench");
        rate[2] = Traffic.store(queue, messages, Traffic::due);
        rate[3] = Traffic.drain(queue, messages);
      }
      delete(own);
      if (round >= 0) { // the first warms both up
        for (int i = 0; i < rate.length; i++) {
          rates[i][round] = rate[i];
        }
      }
    }
    Report.figure("raw.store.batch", Report.median(rates[0]), "messages/s");
    Report.figure("embedded.store.batch", Report.median(rates[2]), "messages/s");
    Report.ratio("embedded.store.batch/raw", Report.medianRatio(rates[2], rates[0]));
    Report.figure("raw.drain", Report.median(rates[1]), "messages/s");
    Report.figure("embedded.drain", Report.median(rates[3]), "messages/s");
    Report.ratio("embedded.drain/raw", Report.medianRatio(rates[3], rates[1]));
  }

  /** Single calls one after the other: each waits for its own sync. */
  private void single() throws Exception {
    int calls = 5_000;
    double[][] rates = new double[2][rounds];
    Path raw = directory("raw");
    Path own = directory("own");
    try (RawRocksDb db = new RawRocksDb(raw);
        Pitstop pitstop = open(own)) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      for (int round = -2; round < rounds; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
          db.put(1, Traffic.body());
        }
        double rawRate = Traffic.perSecond(calls, start);
        start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
          queue.store(Traffic.body(), Traffic.tomorrow()).join();
        }
        if (round >= 0) {
          rates[0][round] = rawRate;
          rates[1][round] = Traffic.perSecond(calls, start);
        }
      }
    }
    Report.figure("raw.store.single", Report.median(rates[0]), "messages/s");
    Report.figure("embedded.store.single", Report.median(rates[1]), "messages/s");
    Report.ratio("embedded.store.single/raw", Report.medianRatio(rates[1], rates[0]));
    delete(raw);
    delete(own);
  }

  private void callers() throws Exception {
    int callers = 64;
    int each = 2_000;
    double[] rates = new double[rounds];
    Path own = directory("own");
    try (Pitstop pitstop = open(own)) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      for (int round = -1; round < rounds; round++) {
        double rate = Traffic.storeSingly(queue, callers, each);
        if (round >= 0) {
          rates[round] = rate;
        }
      }
    }
    Report.figure("embedded.store.64callers", Report.median(rates), "messages/s");
    delete(own);
  }

  /** Handler start minus due time, 1,000 messages a second spread evenly over 20 seconds. */
  private void lateness() throws Exception {
    int count = 20_000;
    Path own = directory("own");
    long[] late = new long[count];
    try (Pitstop pitstop = open(own)) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      CountDownLatch all = new CountDownLatch(count);
      AtomicLong next = new AtomicLong();
      queue.listen(
          delivery -> {
            Duration lateness = Duration.between(delivery.scheduledFor(), Instant.now());
            late[(int) next.getAndIncrement()] = lateness.toNanos();
            all.countDown();
          });
      Instant start = Instant.now().plusSeconds(3);
      List<Deferral<byte[]>> batch = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        batch.add(Deferral.of(Message.of(Traffic.body()), Schedule.at(start.plusMillis(i))));
        if (batch.size() == Traffic.BATCH) {
          queue.storeAll(batch).join().forEach(StoreResult::orThrow);
          batch.clear();
        }
      }
      all.await();
    }
    Report.lateness("embedded.lateness", late);
    delete(own);
  }

  /**
   * How long it takes from storing one more message, due now, to its handler, after a million acks.
   */
  private void firstLease() throws Exception {
    int count = 1_000_000;
    Path own = directory("own");
    double[] millis = new double[rounds];
    try (Pitstop pitstop = open(own)) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      Traffic.store(queue, count, Traffic::due);
      Traffic.drain(queue, count);
      for (int round = 0; round < rounds; round++) {
        queue.store(Traffic.body(), Instant.EPOCH).join();
        CountDownLatch leased = new CountDownLatch(1);
        long start = System.nanoTime();
        var listener = queue.listen(delivery -> leased.countDown());
        leased.await();
        millis[round] = (System.nanoTime() - start) / 1e6;
        listener.stop().join();
      }
    }
    Report.figure("embedded.firstlease.after1M", Arrays.stream(millis).max().orElseThrow(), "ms");
    delete(own);
  }

  /** What a listener costs with a million messages waiting for tomorrow, in parts of one core. */
  private void idle() throws Exception {
    Path own = directory("own");
    try (Pitstop pitstop = open(own)) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      Instant tomorrow = Traffic.tomorrow();
      Traffic.store(queue, 1_000_000, () -> Schedule.at(tomorrow));
      queue.listen(delivery -> {});
      pause(Duration.ofSeconds(10)); // background compaction comes to its end
      long cpu = cpuNanos();
      long start = System.nanoTime();
      pause(Duration.ofSeconds(20));
      double used = cpuNanos() - cpu;
      Report.figure("embedded.idle.cpu", 100 * used / (System.nanoTime() - start), "%");
    }
    delete(own);
  }

  /** Leasing and acking 100,000 due messages with ten million later ones waiting, and with none. */
  private void flat() throws Exception {
    int due = 100_000;
    double[][] seconds = new double[2][3];
    Path[] directories = {directory("none"), directory("ten-million")};
    for (int which = 0; which < 2; which++) {
      try (Pitstop pitstop = open(directories[which])) {
        MessageQueue<byte[]> queue = pitstop.queue("bench");
        if (which == 1) {
          double rate = Traffic.store(queue, 10_000_000, Traffic::nextMonth);
          Report.figure("embedded.store.10M", rate, "messages/s");
        }
        Traffic.store(queue, due, Traffic::due); // the first round warms up
        Traffic.drain(queue, due);
        for (int round = 0; round < 3; round++) {
          Traffic.store(queue, due, Traffic::due);
          seconds[which][round] = due / Traffic.drain(queue, due);
        }
      }
    }
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    Report.figure("embedded.heap.10M", (runtime.totalMemory() - runtime.freeMemory()) / 1e6, "MB");
    Report.figure("embedded.heap.max", runtime.maxMemory() / 1e6, "MB");
    Report.ratio("embedded.drain.10M/0", Report.median(seconds[1]) / Report.median(seconds[0]));
    for (Path directory : directories) {
      delete(directory);
    }
  }

  private static Pitstop open(Path directory) {
    return Pitstop.open("rocksdb:" + directory);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private Path directory(String name) throws IOException {
    return Files.createTempDirectory(root, name);
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
