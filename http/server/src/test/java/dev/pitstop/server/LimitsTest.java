package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.http.Limits;
import dev.pitstop.server.http.Web;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much the server takes at once, and how long it waits. */
final class LimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String WAIT = "3s";
  private static final Duration REQUEST_TIME = Duration.ofSeconds(1);

  private PitstopServer server;
  private Http http;

  @BeforeEach
  void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults()
                .store("memory:")
                .maxBody(1_000)
                .bounds(new Bounds(100_000, 10, 100))
                .web(
                    Web.Settings.defaults()
                        .port(0)
                        .limits(
                            new Limits(
                                50, 4, 4_096, 20, 60_000, Duration.ofSeconds(30), REQUEST_TIME))));
    http = Http.to(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aBodyIsBoundedWhetherItsLengthIsSaidOrNot() throws Exception {
    assertThat(http.put("/v1/queues/q/messages/a", "x".repeat(1_000)).statusCode()).isEqualTo(201);
    HttpResponse<String> refused = http.put("/v1/queues/q/messages/b", "x".repeat(1_001));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body())
        .contains("\"field\":\"body\"", "\"limit\":\"1000\"", "\"value\":\"1001 bytes\"");
    String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
    try (Raw raw = new Raw(server.address(), PATIENCE)) {
      raw.send(
          "PUT /v1/queues/q/messages/c HTTP/1.1\r\nHost: localhost\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n"
              + chunk
              + chunk
              + chunk);
      assertThat(raw.readAll()).startsWith("HTTP/1.1 413").contains("\"limit\":\"1000\"");
    }
    assertThat(http.get("/v1/queues/q").body()).contains("\"scheduled\":1");
  }

  @Test
  void headersAreBoundedInBytesAndInNumber() throws Exception {
    HttpResponse<String> large = http.get("/v1/queues/q", "X-Large", "x".repeat(5_000));
    assertThat(large.statusCode()).isEqualTo(431);
    assertThat(large.body()).contains("\"limit\":\"4096\"");
    StringBuilder many = new StringBuilder("GET /v1/queues/q HTTP/1.1\r\nHost: localhost\r\n");
    for (int i = 0; i < 20; i++) {
      many.append("X-").append(i).append(": x\r\n");
    }
    try (Raw raw = new Raw(server.address(), PATIENCE)) {
      raw.send(many + "Connection: close\r\n\r\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 431").contains("\"limit\":\"20\"");
    }
  }

  @Test
  void aBatchIsBoundedInLinesAndNothingOfOneThatIsNotTakenIsStored() {
    String lines = "{\"body\":1}\n".repeat(11);
    HttpResponse<String> refused = http.post("/v1/queues/q/messages:batch", lines);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("at most 10 lines");
    assertThat(http.get("/v1/queues/q").body()).contains("\"scheduled\":0");
    assertThat(
            http.post("/v1/queues/q/messages:batch", "{\"body\":1}\n", "Idempotency-Key", "k")
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void aRequestThatCreepsInIsEnded() throws Exception {
    long begun = System.nanoTime();
    try (Raw silent = new Raw(server.address(), PATIENCE);
        Raw headers = new Raw(server.address(), PATIENCE);
        Raw second = new Raw(server.address(), PATIENCE);
        Raw body = new Raw(server.address(), PATIENCE)) {
      headers.send("GET /v1/queues HTTP/1.1\r\nHost: local");
      second.send("GET /v1/queues HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(second.readHead()).startsWith("HTTP/1.1 200");
      second.send("GET /v1/que");
      body.send(
          "PUT /v1/queues/q/messages/a HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Length: 100\r\n\r\nsome");
      assertThat(body.readAll()).startsWith("HTTP/1.1 408").contains("\"field\":\"body\"");
      assertThat(headers.readAll()).isEmpty();
      assertThat(second.readAll()).doesNotContain("HTTP/1.1 5");
      assertThat(silent.readAll()).isEmpty();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertThat(http.get("/v1/queues").statusCode()).isEqualTo(200);
  }

  @Test
  void aConnectionThatIsKeptBetweenRequestsIsNotSlow() throws Exception {
    try (Raw raw = new Raw(server.address(), Duration.ofSeconds(3))) {
      String request = "GET /v1/queues/q HTTP/1.1\r\nHost: localhost\r\n\r\n";
      raw.send(request);
      assertThat(raw.readHead()).startsWith("HTTP/1.1 200");
      assertThat(raw.readsNothingFor(REQUEST_TIME.multipliedBy(2))).isTrue();
      raw.send(request);
      assertThat(raw.readHead()).contains("HTTP/1.1 200");
    }
  }

  @Test
  void moreRequestsAtOnceThanThereMayBeAreToldToComeLater() throws Exception {
    List<Raw> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        waiting.add(waiting());
      }
      HttpResponse<String> refused = http.get("/v1/queues/q");
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (refused.statusCode() == 200 && System.nanoTime() < end) {
        waiting.add(waiting()); // the others are still on their way, or over already
        refused = http.get("/v1/queues/q");
      }
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.body()).contains("\"limit\":\"4\"");
    } finally {
      for (Raw raw : waiting) {
        raw.close();
      }
    }
    HttpResponse<String> again = http.get("/v1/queues/q");
    long over = System.nanoTime() + PATIENCE.toNanos();
    while (again.statusCode() == 429 && System.nanoTime() < over) { // until their waits are over
      again = http.get("/v1/queues/q");
    }
    assertThat(again.statusCode()).isEqualTo(200);
  }

  /** A request that waits for something to lease. */
  private Raw waiting() throws IOException {
    Raw raw = new Raw(server.address(), PATIENCE);
    raw.send("POST /v1/queues/q/leases?wait=" + WAIT + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return raw;
  }

  /** Room is taken as bytes come, and given back when the request was answered. */
  @Test
  void bodiesTogetherAreBounded() throws Exception {
    String batch = "/v1/queues/q/messages:batch";
    String head = "POST " + batch + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n";
    HttpResponse<String> refused;
    try (Raw holding = new Raw(server.address(), PATIENCE);
        Raw idle = new Raw(server.address(), PATIENCE)) {
      holding.send(head + " ".repeat(49_000));
      idle.send(head);
      do { // until what is held has arrived
        refused = http.post(batch, " ".repeat(50_000));
      } while (refused.statusCode() == 200);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("\"limit\":\"60000\"");
    }
    HttpResponse<String> taken = http.post(batch, " ".repeat(50_000));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (taken.statusCode() == 429 && System.nanoTime() < end) { // until it is known to be gone
      taken = http.post(batch, " ".repeat(50_000));
    }
    assertThat(taken.statusCode()).isEqualTo(200);
  }
}
