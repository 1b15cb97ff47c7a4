package dev.pitstop.bench;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server in a process of its own on the embedded store, as users run it, beside the same store
 * and engine in this process: bodies of 200 bytes, generated ids, durable stores, rounds of both in
 * turn and the median of each. What asks the server runs here, on the same machine.
 */
public final class Server {
  private static final int CONNECTIONS = 64;
  private static final int POSTS = 64;
  private static final int PUSHES = 500;
  private static final String SECRET = "whsec_" + "c2lnbmVk".repeat(4);

  private final Scratch scratch;
  private final int rounds;
  private final int warming;
  private final int singles;
  private final int messages;
  private final int posts;
  private final int seconds;

  private Server(Scratch scratch, boolean quick) {
    this.scratch = scratch;
    rounds = quick ? 1 : 3;
    warming = quick ? 0 : 2;
    singles = quick ? 6_400 : 32_000;
    messages = quick ? 20_000 : 100_000;
    posts = messages / 4;
    seconds = quick ? 3 : 10;
  }

  /** {@code server [--quick] [PART...]}; {@code --quick} for one smaller round. */
  public static void main(String[] args) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(args));
    boolean quick = arguments.remove("--quick");
    boolean known;
    try (Scratch scratch = new Scratch()) {
      Server bench = new Server(scratch, quick);
      Parts parts = new Parts();
      parts.add("store", bench::store);
      parts.add("batch", bench::batch);
      parts.add("pull", bench::pull);
      parts.add("stream", bench::stream);
      parts.add("webhook", bench::webhook);
      parts.add("lateness", bench::lateness);
      parts.add("million", () -> Million.measure(scratch, quick ? 100_000 : 1_000_000));
      known = parts.run(arguments);
    }
    if (!known) {
      System.exit(2);
    }
  }

  private void store() throws Exception {
    try (Sides sides = new Sides(scratch, "")) {
      compare(
          "store." + CONNECTIONS + "connections",
          () -> Traffic.storeSingly(sides.queue(), CONNECTIONS, singles / CONNECTIONS),
          () -> sides.withCpu(singles, () -> sides.load().storeSingly(CONNECTIONS, singles)));
      cpu("store." + CONNECTIONS + "connections", sides);
    }
  }

  private void batch() throws Exception {
    try (Sides sides = new Sides(scratch, "")) {
      compare(
          "store.batch",
          () -> Traffic.store(sides.queue(), messages, ServerLoad.BATCHERS, Traffic::inAnHour),
          () -> sides.withCpu(messages, () -> sides.load().storeBatches(messages)));
      cpu("store.batch", sides);
    }
  }

  private void pull() throws Exception {
    try (Sides sides = new Sides(scratch, "")) {
      compare(
          "pull",
          () -> {
            Traffic.store(sides.queue(), messages, Traffic::due);
            return pull(sides.queue());
          },
          () -> {
            sides.load().storeDue(messages);
            return sides.load().pull(messages);
          });
    }
  }

  private double pull(MessageQueue<byte[]> queue) throws Exception {
    AtomicInteger acked = new AtomicInteger();
    double rate =
        Traffic.together(
            ServerLoad.BATCHERS, messages / ServerLoad.BATCHERS, () -> pull(queue, acked));
    if (acked.get() != messages) {
      throw new IllegalStateException(acked + " of " + messages + " were acked");
    }
    return rate;
  }

  private static boolean pull(MessageQueue<byte[]> queue, AtomicInteger acked) {
    List<Delivery<byte[]>> leased;
    do {
      leased = queue.lease(ServerLoad.LEASED, ListenerOptions.defaults()).join();
      List<CompletableFuture<Boolean>> acks = leased.stream().map(Delivery::ack).toList();
      acked.addAndGet((int) acks.stream().filter(CompletableFuture::join).count());
    } while (!leased.isEmpty());
    return true;
  }

  /** A stream of leases, beside a listener. */
  private void stream() throws Exception {
    try (Sides sides = new Sides(scratch, "")) {
      compare(
          "stream",
          () -> storeAndDrain(sides.queue(), messages),
          () -> {
            sides.load().storeDue(messages);
            return sides.load().stream(messages);
          });
    }
  }

  /** Posts of what is due at once, signed, beside a listener. */
  private void webhook() throws Exception {
    try (Sink sink = new Sink();
        Sides sides = new Sides(scratch, target(sink))) {
      compare(
          "webhook",
          () -> storeAndDrain(sides.queue(), posts),
          () -> storeAndPost(sides.load(), sink));
    }
  }

  /** When a post has arrived minus when its message was due; both by this machine's clock. */
  private void lateness() throws Exception {
    int count = seconds * PUSHES;
    long[] late = new long[count];
    try (Sink sink = new Sink();
        ServerProcess server = ServerProcess.start(scratch.directory("served"), target(sink))) {
      ServerLoad load = new ServerLoad(server.port());
      storeAndPost(load, sink); // warms up
      CompletableFuture<?> posted =
          sink.expect(
              count,
              (post, number) -> {
                Instant now = Instant.now();
                Instant due = Instant.parse(post.required("pitstop-scheduled-for"));
                late[number] = Duration.between(due, now).toNanos();
              });
      load.storeDue(count, PUSHES, Instant.now().plusSeconds(2));
      posted.join();
    }
    Report.lateness("server.lateness", late);
    if (Arrays.stream(late).min().orElseThrow() < 0) {
      throw new IllegalStateException("a message was posted before it was due");
    }
  }

  private static double storeAndDrain(MessageQueue<byte[]> queue, int count) {
    Traffic.store(queue, count, Traffic::due);
    return Traffic.drain(queue, count);
  }

  private double storeAndPost(ServerLoad load, Sink sink) {
    load.pause(true);
    load.storeDue(posts);
    CompletableFuture<?> posted = sink.expect(posts, (post, number) -> {});
    long start = System.nanoTime();
    load.pause(false);
    posted.join();
    return Traffic.perSecond(posts, start);
  }

  private static String target(Sink sink) throws IOException {
    return """
        queues:
          bench:
            target: {url: "%s", secrets: ["%s"], concurrency: %d, allowPrivate: true}
        """
        .formatted(sink.url(), SECRET, POSTS);
  }

  private void compare(String name, Rounds.Measured embedded, Rounds.Measured server)
      throws Exception {
    for (int i = 0; i < warming; i++) {
      server.once(); // what a new process does is compiled only after a while
    }
    Rounds rates = new Rounds(rounds).add("embedded", embedded).add("server", server).run();
    Report.figure("server." + name, rates.median("server"), "messages/s");
    Report.figure("server." + name + ".embedded", rates.median("embedded"), "messages/s");
    Report.ratio("server." + name + "/embedded", rates.ratio("server", "embedded"));
  }

  /** What a message costs the server, which hardly depends on what else the machine does. */
  private static void cpu(String name, Sides sides) {
    Report.figure("server." + name + ".cpu", sides.cpuMicros(), "us/message");
  }
}
