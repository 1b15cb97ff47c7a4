package dev.pitstop.bench;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import java.io.IOException;
import java.nio.file.Path;
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

  private final Scratch scratch;
  private final int rounds;
  private final int singles;
  private final int messages;
  private final int seconds;

  private Server(Scratch scratch, boolean quick) {
    this.scratch = scratch;
    rounds = quick ? 1 : 3;
    singles = quick ? 6_400 : 32_000;
    messages = quick ? 20_000 : 100_000;
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

  /** What both sides do, on a queue of this process or by asking the server. */
  private interface Both {
    double embedded(MessageQueue<byte[]> queue) throws Exception;

    double server(ServerLoad load) throws Exception;
  }

  private void store() throws Exception {
    compare(
        "store." + CONNECTIONS + "connections",
        new Both() {
          @Override
          public double embedded(MessageQueue<byte[]> queue) throws Exception {
            return Traffic.storeSingly(queue, CONNECTIONS, singles / CONNECTIONS);
          }

          @Override
          public double server(ServerLoad load) {
            return load.storeSingly(CONNECTIONS, singles);
          }
        });
  }

  private void batch() throws Exception {
    compare(
        "store.batch",
        new Both() {
          @Override
          public double embedded(MessageQueue<byte[]> queue) throws Exception {
            return Traffic.store(queue, messages, ServerLoad.BATCHERS, Traffic::inAnHour);
          }

          @Override
          public double server(ServerLoad load) {
            return load.storeBatches(messages);
          }
        });
  }

  private void pull() throws Exception {
    compare(
        "pull",
        new Both() {
          @Override
          public double embedded(MessageQueue<byte[]> queue) throws Exception {
            Traffic.store(queue, messages, Traffic::due);
            AtomicInteger acked = new AtomicInteger();
            double rate =
                Traffic.together(
                    ServerLoad.BATCHERS, messages / ServerLoad.BATCHERS, () -> drain(queue, acked));
            requireAll(acked.get());
            return rate;
          }

          @Override
          public double server(ServerLoad load) {
            load.storeDue(messages);
            return load.pull(messages);
          }
        });
  }

  private static boolean drain(MessageQueue<byte[]> queue, AtomicInteger acked) {
    List<Delivery<byte[]>> leased;
    do {
      leased = queue.lease(ServerLoad.LEASED, ListenerOptions.defaults()).join();
      List<CompletableFuture<Boolean>> acks = leased.stream().map(Delivery::ack).toList();
      acked.addAndGet((int) acks.stream().filter(CompletableFuture::join).count());
    } while (!leased.isEmpty());
    return true;
  }

  private void requireAll(int acked) {
    if (acked != messages) {
      throw new IllegalStateException(acked + " of " + messages + " were acked");
    }
  }

  /** A stream of leases, beside a listener. */
  private void stream() throws Exception {
    compare(
        "stream",
        new Both() {
          @Override
          public double embedded(MessageQueue<byte[]> queue) {
            Traffic.store(queue, messages, Traffic::due);
            return Traffic.drain(queue, messages);
          }

          @Override
          public double server(ServerLoad load) throws Exception {
            load.storeDue(messages);
            return load.stream(messages);
          }
        });
  }

  private void compare(String name, Both both) throws Exception {
    Path own = scratch.directory("own");
    Path served = scratch.directory("served");
    try (Pitstop pitstop = Pitstop.open("rocksdb:" + own);
        ServerProcess server = ServerProcess.start(served)) {
      ServerLoad load = new ServerLoad(server.port());
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      Rounds rates =
          new Rounds(rounds)
              .add("embedded", () -> both.embedded(queue))
              .add("server", () -> both.server(load))
              .run();
      report(name, rates);
    }
    Scratch.delete(own);
    Scratch.delete(served);
  }

  private static void report(String name, Rounds rates) {
    Report.figure("server." + name, rates.median("server"), "messages/s");
    Report.figure("server." + name + ".embedded", rates.median("embedded"), "messages/s");
    Report.ratio("server." + name + "/embedded", rates.ratio("server", "embedded"));
  }

  /** Posts of what is due at once, from the first to the last, beside a listener. */
  private void webhook() throws Exception {
    Path own = scratch.directory("own");
    Path served = scratch.directory("served");
    int posts = messages / 4;
    try (Sink sink = new Sink();
        Pitstop pitstop = Pitstop.open("rocksdb:" + own);
        ServerProcess server = ServerProcess.start(served, target(sink))) {
      ServerLoad load = new ServerLoad(server.port());
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      Rounds rates =
          new Rounds(rounds)
              .add(
                  "embedded",
                  () -> {
                    Traffic.store(queue, posts, Traffic::due);
                    return Traffic.drain(queue, posts);
                  })
              .add("server", () -> posts(load, sink, posts))
              .run();
      report("webhook", rates);
    }
    Scratch.delete(own);
    Scratch.delete(served);
  }

  private static double posts(ServerLoad load, Sink sink, int count) throws Exception {
    load.pause(true);
    load.storeDue(count);
    CompletableFuture<?> posted = sink.expect(count, (post, number) -> {});
    long start = System.nanoTime();
    load.pause(false);
    posted.join();
    return Traffic.perSecond(count, start);
  }

  private static String target(Sink sink) throws IOException {
    return """
        queues:
          bench:
            target: {url: "%s", concurrency: %d, allowPrivate: true}
        """
        .formatted(sink.url(), POSTS);
  }

  /** When a post has arrived minus when its message was due; both by this machine's clock. */
  private void lateness() throws Exception {
    Path served = scratch.directory("served");
    int count = seconds * PUSHES;
    long[] late = new long[count];
    try (Sink sink = new Sink();
        ServerProcess server = ServerProcess.start(served, target(sink))) {
      ServerLoad load = new ServerLoad(server.port());
      posts(load, sink, messages / 10); // warms up
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
    Scratch.delete(served);
  }
}
