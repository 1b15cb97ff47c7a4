package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.cli.PlainQueues.Came;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code pitstop relay}, and a server that relays, in processes of their own, with a RabbitMQ. */
class RelayTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String PASSWORD = ":secret@";
  private static final long[] DELAYS = {0, 200, 1_000, 3_000};
  private static PlainQueues queues;

  @TempDir private Path dir = Path.of("");
  private Path store = Path.of("");

  @BeforeAll
  static void startBroker() throws Exception {
    queues = new PlainQueues();
  }

  @AfterAll
  static void endBroker() throws IOException {
    queues.close();
  }

  @BeforeEach
  void store() {
    store = dir.resolve("data");
  }

  private Child relay(String... args) {
    List<String> all = new ArrayList<>(List.of("relay"));
    all.addAll(List.of(args));
    Child child = Child.start(store, all.toArray(String[]::new));
    child.awaitErr("pitstop: relaying from ");
    return child;
  }

  /** Every second message has an id, so that storing it again makes no second one. */
  private static void putDeferred(String queue, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Map<String, Object> headers = new HashMap<>();
      long delay = DELAYS[i % DELAYS.length];
      if (i % 3 == 0) {
        headers.put("x-delay", delay);
      } else {
        headers.put("pitstop-delay", delay + "ms");
      }
      if (i % 2 == 0) {
        headers.put("pitstop-id", "m" + i);
      }
      headers.put("earliest", Instant.now().plusMillis(delay).toString());
      queues.put(queue, Integer.toString(i), headers);
    }
    queues.confirm();
  }

  @Test
  void H03_aRelayThatIsKilledInMidLoadLosesNothingAndIsNeverEarly() throws Exception {
    int count = 2_000;
    int inFlight = 50;
    String in = queues.fresh();
    String out = queues.fresh();
    putDeferred(in, count);
    BlockingQueue<Came> came = queues.take(out);
    String[] args = {
      "--from", queues.address(in),
      "--through", "deferred",
      "--to", queues.address(out),
      "--in-flight", Integer.toString(inFlight),
      "--store", "rocksdb:" + store + "?leaseTime=6s"
    };
    List<Came> all = new ArrayList<>();
    try (Child killed = relay(args)) {
      while (all.size() < 200) {
        all.add(PlainQueues.next(came));
      }
      killed.kill();
    }
    Set<String> seen = new HashSet<>();
    all.forEach(one -> seen.add(one.body()));
    assertThat(seen.size()).as("killed before all was done").isLessThan(count);
    try (Child second = relay(args)) {
      while (seen.size() < count || queues.waiting(in) > 0) {
        Came one = PlainQueues.next(came);
        seen.add(one.body());
        all.add(one);
      }
      second.terminate();
      Child.Result result = second.result();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.err())
          .contains("pitstop: from queue deferred to rabbitmq://pitstop:***@", "passed on ")
          .doesNotContain(PASSWORD);
    }
    came.drainTo(all);

    assertThat(all)
        .allSatisfy(
            one -> {
              assertThat(one.at()).isAfterOrEqualTo(Instant.parse(one.headers().get("earliest")));
              assertThat(one.headers()).doesNotContainKeys("x-delay", "pitstop-delay");
            });
    int twice = all.size() - seen.size();
    LoggerFactory.getLogger(RelayTest.class).warn("{} of {} came twice", twice, count);
    assertThat(twice).as("in flight on either side at the kill").isLessThanOrEqualTo(2 * inFlight);
  }

  @Test
  void H01_aRelayToldToEndFinishesWhatIsInFlightSoThatNothingComesTwice() throws Exception {
    int count = 20_000;
    String in = queues.fresh();
    String out = queues.fresh();
    for (int i = 0; i < count; i++) {
      queues.put(in, Integer.toString(i), Map.of("pitstop-delay", "1h"));
    }
    queues.confirm();
    BlockingQueue<Came> came = queues.take(out);
    Set<String> seen = new HashSet<>();
    try (Child straight =
        relay("--from", queues.address(in), "--to", queues.address(out), "--in-flight", "10")) {
      Came one = PlainQueues.next(came);
      assertThat(one.headers()).as("passed on as it was").containsEntry("pitstop-delay", "1h");
      seen.add(one.body());
      straight.terminate();
      Child.Result result = straight.result();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.err()).contains("failed 0, not settled 0").doesNotContain(PASSWORD);
    }
    // what was handed out and not taken goes back to its queue a moment later
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (seen.size() + queues.waiting(in) < count && System.nanoTime() < end) {
      Came one = came.poll(20, TimeUnit.MILLISECONDS);
      assertThat(one == null || seen.add(one.body())).as("came twice: %s", one).isTrue();
    }
    assertThat(seen.size() + queues.waiting(in)).as("neither lost nor twice").isEqualTo(count);
    assertThat(came).isEmpty();
    assertThat(seen.size()).as("ended before all was done").isLessThan(count);
  }

  @Test
  void aServerTakesAndEmitsAsItsConfigurationSaysAndSetsMisfitsAside() throws Exception {
    String in = queues.fresh();
    String other = queues.fresh();
    String out = queues.fresh();
    String misfits = queues.fresh();
    Path file = dir.resolve("pitstop.yaml");
    Files.writeString(
        file,
        """
        port: 0
        queues:
          orders:
            takeFrom: ["%s", "%s"]
            misfits: %s
            emitTo: %s
        """
            .formatted(
                queues.address(in),
                queues.address(other),
                queues.address(misfits),
                queues.address("x").replace("/x?", "/{header:way}?")));
    queues.put(in, "now", Map.of("way", out));
    queues.put(other, "later", Map.of("way", out, "pitstop-delay", "1s"));
    queues.put(in, "bad", Map.of("way", out, "pitstop-delay", "soon"));
    queues.confirm();
    BlockingQueue<Came> came = queues.take(out);
    BlockingQueue<Came> aside = queues.take(misfits);
    try (Child server = Child.start(store, "serve", "--config", file.toString())) {
      String line = server.line();
      URI address = URI.create(line.substring(line.lastIndexOf(' ') + 1));
      assertThat(PlainQueues.next(came).body()).isEqualTo("now");
      assertThat(PlainQueues.next(came).body()).isEqualTo("later");
      Came misfit = PlainQueues.next(aside);
      assertThat(misfit.body()).isEqualTo("bad");
      assertThat(misfit.headers()).containsEntry("pitstop-delay", "soon");
      assertThat(misfit.headers())
          .containsEntry(
              "pitstop-error",
              "delay must be a duration as 500ms, 90s, 1h30m, 7d or PT15M, was soon");

      awaitContains(
          address.resolve("/metrics"),
          "pitstop_relayed_total{direction=\"emit\",queue=\"orders\"} 2.0",
          "pitstop_relayed_total{direction=\"take\",queue=\"orders\"} 3.0");
      assertThat(get(address.resolve("/v1/queues/orders/relays")))
          .contains("\"from\":\"queue orders\",\"to\":\"rabbitmq://pitstop:***@", "\"relayed\":2")
          .doesNotContain(PASSWORD);
      assertThat(get(address.resolve("/health/ready"))).contains("\"up\"");
      server.terminate();
      Child.Result result = server.result();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.err())
          .contains("orders: messages are relayed from rabbitmq://pitstop:***@")
          .doesNotContain(PASSWORD);
    }
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  /** Counters follow what was done: a message arrives before its ack is written. */
  private static void awaitContains(URI uri, String... texts) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String body = get(uri);
    while (!List.of(texts).stream().allMatch(body::contains) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(50);
      body = get(uri);
    }
    assertThat(body).contains(texts);
  }

  @Test
  void aBrokerThatIsAwayIsToldAndTriedAgain() {
    String nobody = "rabbitmq://u:hidden@127.0.0.1:1/q?timeout=1s";
    try (Child child = relay("--from", nobody, "--through", "q")) {
      child.awaitErr("away, tried again until it is back");
      child.terminate();
      Child.Result result = child.result();
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.err()).doesNotContain("hidden");
    }
  }

  @Test
  void whatCannotBeIsRefusedAtOnceAndSaysWhatIsWrong() {
    String place = "rabbitmq://u:hidden@localhost/q";
    refused("pitstop: --from or --to must be given");
    refused("pitstop: --through must be given unless both", "--from", place);
    refused("pitstop: --in-flight must be", "--from", place, "--to", place, "--in-flight", "0");
    refused("the scheme of a broker", "--from", "nosuch://u:hidden@h/q", "--to", place);
    refused("HTTP targets can only be sent to", "--from", "https://u:hidden@h/q", "--through", "q");
    assertThat(store).doesNotExist();
  }

  private void refused(String reason, String... args) {
    List<String> all = new ArrayList<>(List.of("relay"));
    all.addAll(List.of(args));
    Child.Result result = Child.run(store, "", all.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(reason).doesNotContain("hidden");
  }
}
