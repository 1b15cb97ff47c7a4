package dev.pitstop.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * What a server holds in memory with very many messages waiting, and how long it takes to answer
 * what the console asks when it opens the page of their queue.
 */
final class Million {
  private static final int OPENED = 21;
  private static final int WEEK_SECONDS = 604_800;

  private Million() {}

  /** Stores so many over HTTP, due in the week to come, and reports. */
  static void measure(Scratch scratch, int count) throws IOException, InterruptedException {
    String many = count < 1_000_000 ? count / 1_000 + "k" : count / 1_000_000 + "M";
    Random random = new Random(1);
    try (ServerProcess server = ServerProcess.start(scratch.directory("million"))) {
      ServerLoad load = new ServerLoad(server.port());
      double rate =
          load.storeBatches(
              count,
              ServerLoad.BATCHERS,
              number ->
                  "{\"id\":\"m-%07d\",\"body\":%s,\"in\":\"%ds\"}\n"
                      .formatted(number, ServerLoad.BODY, 60 + random.nextInt(WEEK_SECONDS)));
      Report.figure("server.store.batch." + many, rate, "messages/s");
      Report.figure("server.heap." + many, server.liveHeap() / 1e6, "MB");
      opened(many, load);
    }
  }

  /** The page's calls one after the other, though a browser has several at once. */
  private static void opened(String many, ServerLoad load) {
    String messages = "/v1/queues/bench/messages?limit=50";
    times("server.page." + many + ".messages", load, each -> each.millis(messages));
    times(
        "server.page." + many + ".prefix", load, each -> each.millis(messages + "&prefix=m-00999"));
    times("server.page." + many + ".timeline", load, each -> each.millis(timeline()));
    times(
        "server.page." + many,
        load,
        each ->
            each.millis("/queues/bench")
                + each.millis("/v1/caller")
                + each.millis("/v1/queues")
                + each.millis(messages)
                + each.millis(timeline()));
  }

  /** An hour around now, minute by minute. */
  private static String timeline() {
    Instant now = Instant.now();
    return "/v1/timeline?queue=bench&bucket=1m&from="
        + now.minus(Duration.ofMinutes(30))
        + "&to="
        + now.plus(Duration.ofMinutes(30));
  }

  private static void times(String name, ServerLoad load, ToDoubleFunction<ServerLoad> page) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < OPENED; i++) {
      millis.add(page.applyAsDouble(load));
    }
    Report.figure(name + ".first", millis.get(0), "ms");
    Report.figure(
        name + ".median",
        Report.median(millis.stream().mapToDouble(Double::doubleValue).toArray()),
        "ms");
  }
}
