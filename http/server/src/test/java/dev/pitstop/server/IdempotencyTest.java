package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request to store that is sent again, as nobody knows whether it arrived. */
final class IdempotencyTest {
  private static final String MESSAGES = "/v1/queues/q/messages";
  private static final String KEY = "Idempotency-Key";

  private PitstopServer server;
  private Http http;

  @BeforeEach
  void start() {
    server = started(Security.defaults());
    http = Http.to(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static PitstopServer started(Security security) {
    return PitstopServer.start(
        ServerSettings.defaults()
            .store("memory:")
            .bounds(new Bounds(1 << 20, 1_000, 3))
            .security(security)
            .web(Web.Settings.defaults().port(0)));
  }

  @Test
  void theSameRequestStoresOnceAndIsAnsweredAsBefore() {
    HttpResponse<String> first = http.post(MESSAGES + "?delay=1h", "hi", KEY, "k1");
    assertThat(first.statusCode()).isEqualTo(201);
    for (String same : List.of("k1", "\"k1\"")) {
      HttpResponse<String> again = http.post(MESSAGES + "?delay=1h", "hi", KEY, same);
      assertThat(again.statusCode()).isEqualTo(201);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.headers().firstValue("Location"))
          .isEqualTo(first.headers().firstValue("Location"));
      assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    }
    assertThat(scheduled("q")).contains("\"scheduled\":1,");
    assertThat(http.post("/v1/queues/other/messages", "hi", KEY, "k1").statusCode()).isEqualTo(201);
    assertThat(scheduled("other")).contains("\"scheduled\":1,");
  }

  @Test
  void alsoOnceItsMessageIsGone() {
    http.post(MESSAGES, "hi", KEY, "k1");
    String lease = http.post(MESSAGES.replace("messages", "leases"), "").body();
    String id = lease.replaceAll(".*?\"id\":\"([^\"]*)\".*", "$1");
    String token = lease.replaceAll(".*\"token\":\"(\\d+)\".*", "$1");
    assertThat(
            http.post(
                    "/v1/leases:settle",
                    "[{\"queue\":\"q\",\"id\":\""
                        + id
                        + "\",\"token\":\""
                        + token
                        + "\",\"do\":\"ack\"}]")
                .body())
        .contains("\"took\":true");
    assertThat(http.post(MESSAGES, "hi", KEY, "k1").statusCode()).isEqualTo(201);
    assertThat(scheduled("q")).contains("\"scheduled\":0,");
  }

  @Test
  void aKeyOfAnotherRequestIsRefused() {
    http.post(MESSAGES + "?delay=1h", "hi", KEY, "k1");
    for (HttpResponse<String> other :
        List.of(
            http.post(MESSAGES + "?delay=1h", "ho", KEY, "k1"),
            http.post(MESSAGES + "?delay=2h", "hi", KEY, "k1"),
            http.post(MESSAGES + "?delay=1h", "hi", KEY, "k1", "Content-Type", "text/plain"),
            http.post(MESSAGES + "?delay=1h", "hi", KEY, "k1", "Pitstop-Header-A", "b"))) {
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(other.body()).contains("/problems/idempotency-reused");
    }
    assertThat(scheduled("q")).contains("\"scheduled\":1,");
  }

  /** What the memory of keys has forgotten, the message that waits still knows. */
  @Test
  void whatIsForgottenIsStillNotStoredTwiceWhileItWaits() {
    for (int i = 0; i < 10; i++) {
      http.post(MESSAGES + "?delay=1h", "hi", KEY, "k" + i);
    }
    HttpResponse<String> again = http.post(MESSAGES + "?delay=1h", "hi", KEY, "k0");
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    assertThat(http.post(MESSAGES + "?delay=1h", "ho", KEY, "k1").statusCode()).isEqualTo(422);
    assertThat(scheduled("q")).contains("\"scheduled\":10,");
  }

  @Test
  void ofManyAtOnceOneStoresAndTheOthersAreToldThatOrToWait() {
    List<CompletableFuture<HttpResponse<String>>> sent =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> http.post(MESSAGES + "?delay=1h", "hi", KEY, "k1")))
            .toList();
    Set<Integer> statuses =
        sent.stream().map(answer -> answer.join().statusCode()).collect(Collectors.toSet());
    assertThat(statuses).contains(201).isSubsetOf(201, 409);
    assertThat(scheduled("q")).contains("\"scheduled\":1,");
  }

  @Test
  void whatWasRefusedMayBeSentAgainOtherwise() {
    assertThat(http.post(MESSAGES + "?at=never", "hi", KEY, "k1").statusCode()).isEqualTo(422);
    assertThat(http.post(MESSAGES, "hi", KEY, "k1").statusCode()).isEqualTo(201);
    for (String key : List.of("x".repeat(256), "a\tb", "\"")) {
      HttpResponse<String> refused = http.post(MESSAGES, "hi", KEY, key);
      assertThat(refused.statusCode()).as(key).isEqualTo(422);
      assertThat(refused.body()).contains("\"field\":\"Idempotency-Key\"");
    }
  }

  @Test
  void keysOfTwoCallersAreTwo() {
    server.close();
    Token one = Token.random();
    Token two = Token.random();
    server =
        started(
            Security.defaults()
                .grants(List.of(Grant.admin("one", one.hash()), Grant.admin("two", two.hash()))));
    http = Http.to(server);
    Set<String> bodies = new HashSet<>();
    for (Token token : List.of(one, two)) {
      bodies.add(
          http.post(MESSAGES, "hi", KEY, "k", "Authorization", "Bearer " + token.text()).body());
    }
    assertThat(bodies).hasSize(2);
  }

  private String scheduled(String queue) {
    return http.get("/v1/queues/" + queue).body();
  }
}
