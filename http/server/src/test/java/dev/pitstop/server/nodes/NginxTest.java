package dev.pitstop.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.TestServer;
import dev.pitstop.servers.Nginx;
import dev.pitstop.servers.Ports;
import dev.pitstop.servers.Sink;
import dev.pitstop.servers.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two nodes on one PostgreSQL behind the nginx that docs/server.md has. */
final class NginxTest {
  private static final Path PAGE = Path.of("../../docs/server.md");
  private static final int MESSAGES = 300;
  private static final int STORERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();

  private static Nginx nginx(int first, int second) throws IOException {
    Matcher block =
        Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertThat(block.find()).isTrue();
    UnaryOperator<String> here =
        text ->
            text.replace("10.0.0.1:8025", "127.0.0.1:" + first)
                .replace("10.0.0.2:8025", "127.0.0.1:" + second)
                .replaceAll("ssl_certificate\\S* .*;", "");
    return Nginx.start(
        port ->
            here.apply(block.group(1))
                .replace("listen 443 ssl;", "listen 127.0.0.1:" + port + ";"));
  }

  @Test
  void nothingThatWasAcceptedIsLostWhenANodeIsKilledInMidLoad() throws Exception {
    String store = TestDatabases.freshPostgres();
    int first = Ports.free();
    int second = Ports.free();
    try (Sink sink = Sink.of(200);
        NodeProcess killed = NodeProcess.start(store, first, sink.url());
        NodeProcess staying = NodeProcess.start(store, second, sink.url());
        Nginx nginx = nginx(first, second);
        Load load = new Load(URI.create("http://127.0.0.1:" + nginx.port()))) {
      CompletableFuture<Void> stored = load.begin();
      load.await(load.third);
      killed.kill();
      load.await(load.twoThirds);
      try (NodeProcess again = NodeProcess.start(store, first, sink.url())) {
        stored.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Set<String> posted = new TreeSet<>();
        while (posted.size() < MESSAGES) {
          posted.add(sink.next().header("pitstop-id"));
        }
        load.until("all was handed out", () -> load.seen.size() == MESSAGES);
        for (String queue : List.of("pulled", "posted")) {
          load.until("all came to its end", () -> load.isEmpty(queue));
        }
        assertThat(load.seen).isEqualTo(load.accepted);
        assertThat(posted).isEqualTo(new TreeSet<>(load.accepted));
        assertThat(again.isAlive() && staying.isAlive()).as("both are up").isTrue();
      }
    }
  }

  /** Callers that store, lease and settle through nginx, each again until it is told. */
  private final class Load implements AutoCloseable {
    private final URI server;
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final CountDownLatch third = new CountDownLatch(MESSAGES / 3);
    private final CountDownLatch twoThirds = new CountDownLatch(2 * MESSAGES / 3);
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<CompletableFuture<Void>> pulls = new ArrayList<>();

    Load(URI server) {
      this.server = server;
    }

    /** Completes when all is stored. */
    CompletableFuture<Void> begin() {
      for (int i = 0; i < 2; i++) {
        pulls.add(CompletableFuture.runAsync(this::pull, threads));
      }
      return CompletableFuture.allOf(
          IntStream.range(0, STORERS)
              .mapToObj(part -> CompletableFuture.runAsync(() -> store(part), threads))
              .toArray(CompletableFuture[]::new));
    }

    private void store(int part) {
      for (int i = part; i < MESSAGES; i += STORERS) {
        String id = "m-" + i;
        for (String queue : List.of("pulled", "posted")) {
          String path = "/v1/queues/" + queue + "/messages/" + id;
          until("stored", () -> status("PUT", path, "x") / 100 == 2);
        }
        accepted.add(id);
        third.countDown();
        twoThirds.countDown();
      }
    }

    /** A settle that nobody answered may have been done; if not, the message comes again. */
    private void pull() {
      while (!over.get()) {
        String leased = body("POST", "/v1/queues/pulled/leases?limit=5&wait=1s", "");
        List<String> ids = TestServer.all(leased, "\"id\":\"([^\"]*)\"");
        List<String> tokens = TestServer.all(leased, "\"token\":\"([^\"]*)\"");
        for (int i = 0; i < ids.size(); i++) {
          seen.add(ids.get(i));
          body(
              "POST",
              "/v1/leases:settle",
              "[{\"queue\":\"pulled\",\"id\":\"%s\",\"token\":\"%s\",\"do\":\"ack\"}]"
                  .formatted(ids.get(i), tokens.get(i)));
        }
      }
    }

    void await(CountDownLatch latch) throws InterruptedException {
      assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("the load goes on")
          .isTrue();
    }

    boolean isEmpty(String queue) {
      return body("GET", "/v1/queues/" + queue, "")
          .contains("\"scheduled\":0,\"leased\":0,\"buried\":0");
    }

    void until(String what, BooleanSupplier holds) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!holds.getAsBoolean()) {
        assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
      }
    }

    private int status(String method, String path, String body) {
      return send(method, path, body).map(HttpResponse::statusCode).orElse(0);
    }

    private String body(String method, String path, String body) {
      return send(method, path, body).map(HttpResponse::body).orElse("");
    }

    private Optional<HttpResponse<String>> send(String method, String path, String body) {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve(path))
              .timeout(Duration.ofSeconds(30))
              .method(method, BodyPublishers.ofString(body))
              .build();
      return http.sendAsync(request, BodyHandlers.ofString())
          .handle((answer, failure) -> Optional.ofNullable(answer))
          .join();
    }

    @Override
    public void close() {
      over.set(true);
      pulls.forEach(pull -> pull.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
      threads.shutdown();
    }
  }

  @Test
  void whatMayBeDoneTwiceIsSentAgainWhenANodeBreaksOffAndAPostIsNot() throws Exception {
    try (Sink broken = new Sink(exchange -> exchange.close());
        TestServer node = TestServer.on("memory:")) {
      for (String method : List.of("PUT", "POST")) {
        String queue = "/v1/queues/" + method;
        int before = broken.left();
        int stored = 0;
        try (Nginx nginx = nginx(broken.port(), node.port())) {
          TestServer through = TestServer.at(URI.create("http://127.0.0.1:" + nginx.port() + "/"));
          for (int i = 0; i < 4; i++) {
            String path =
                queue + "/messages" + (method.equals("PUT") ? "/m-" + i : "") + "?delay=1h";
            HttpRequest.Builder request =
                through.request(path).method(method, BodyPublishers.ofString("x"));
            stored += through.send(request).statusCode() == 201 ? 1 : 0;
          }
        }
        int refused = method.equals("PUT") ? 0 : broken.left() - before;
        assertThat(broken.left()).as("the broken node was asked").isGreaterThan(before);
        assertThat(stored).as(method).isEqualTo(4 - refused);
        assertThat(node.get(queue)).contains("\"scheduled\":" + stored + ",");
      }
    }
  }

  @Test
  void streamsAndWhatIsDoneWithManyPassThroughNginx() throws Exception {
    String store = TestDatabases.freshPostgres();
    try (TestServer first = TestServer.on(store);
        TestServer second = TestServer.on(store);
        Nginx nginx = nginx(first.port(), second.port())) {
      TestServer through = TestServer.at(URI.create("http://127.0.0.1:" + nginx.port() + "/"));
      for (int i = 0; i < 20; i++) {
        through.put("/v1/queues/mail/messages/m-" + i + "?delay=1h", "x");
      }
      try (TestServer.EventReader events = through.events("/v1/events")) {
        assertThat(events.next("snapshot")).contains("\"scheduled\":20");
        String selection = through.post("/v1/queues/mail/messages:select", "{}");
        String begun =
            through.post(
                "/v1/selections/" + TestServer.first(selection, "\"id\":\"([^\"]*)\"") + ":remove",
                "");
        String operation = "/v1/operations/" + TestServer.first(begun, "\"id\":\"([^\"]*)\"");
        TestServer.until("done", () -> through.get(operation).contains("\"done\":20"));
        assertThat(events.next("stats")).contains("\"mail\"");
      }
    }
  }

  @Test
  void anyNodeAnswersAnyCall() {
    String store = TestDatabases.freshPostgres();
    try (TestServer a = TestServer.on(store);
        TestServer b = TestServer.on(store)) {
      a.put("/v1/queues/mail/messages/one?delay=1h", "x");
      assertThat(b.get("/v1/queues/mail/messages")).contains("\"id\":\"one\"");
      b.post("/v1/queues/mail/messages/one:emit-now", "");
      String leased = a.post("/v1/queues/mail/leases?wait=20s", "");
      assertThat(b.settleLeased(leased, "\"do\":\"bury\",\"error\":\"why\""))
          .contains("\"took\":true");
      assertThat(a.settleLeased(leased, "\"do\":\"ack\"")).contains("\"took\":false");
      assertThat(a.get("/v1/queues/mail/messages/one")).contains("\"state\":\"buried\"");

      assertThat(a.post("/v1/queues/mail:pause", "")).contains("\"changed\":true");
      String none = "{\"leases\":[]}";
      assertThat(b.post("/v1/queues/mail/leases?wait=2s", "")).isEqualTo(none);
      a.post("/v1/queues/mail/messages/one:requeue", "");
      assertThat(b.post("/v1/queues/mail/leases?wait=100ms", "")).as("paused").isEqualTo(none);
      b.post("/v1/queues/mail:resume", "");
      a.settle("mail", "\"do\":\"ack\"");

      long looks = looks(b);
      CompletableFuture<String> waiting =
          CompletableFuture.supplyAsync(() -> b.post("/v1/queues/mail/leases?wait=50s", ""));
      TestServer.until("it waits", () -> looks(b) > looks);
      long begun = System.nanoTime();
      a.put("/v1/queues/mail/messages/two", "x");
      assertThat(waiting.join()).contains("\"id\":\"two\"");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  /** How often a node has looked in its store for something to lease. */
  private static long looks(TestServer node) {
    String count = "pitstop_store_call_seconds_count\\{operation=\"lease\"\\} (\\d+)";
    return Long.parseLong(TestServer.first(node.get("/metrics"), count));
  }
}
