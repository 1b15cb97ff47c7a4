package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.PitstopException;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what, and who may not. */
final class SecurityTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Token shop = Token.random();
  private final Token admin = Token.random();
  private @Nullable PitstopServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Http started(Security security) {
    PitstopServer started =
        PitstopServer.start(
            ServerSettings.defaults()
                .store("memory:")
                .security(security)
                .web(Web.Settings.defaults().port(0)));
    server = started;
    return Http.to(started);
  }

  private Http withTokens() {
    Grant storing =
        new Grant(
            "shop",
            shop.hash(),
            Map.of(
                Right.STORE,
                List.of(new QueuePattern("orders"), new QueuePattern("mail-*")),
                Right.VIEW,
                List.of(new QueuePattern("orders"))));
    return started(
        Security.defaults()
            .grants(List.of(storing, Grant.admin("boss", admin.hash())))
            .hosts(Set.of("pitstop.example")));
  }

  private URI address() {
    return Objects.requireNonNull(server).address();
  }

  private static String bearer(Token token) {
    return "Bearer " + token.text();
  }

  @Test
  void aTokenGivesItsRightsInItsQueuesAndNoOthers() {
    Http http = withTokens();
    String[] auth = {"Authorization", bearer(shop)};
    assertThat(http.put("/v1/queues/orders/messages/a", "x", auth).statusCode()).isEqualTo(201);
    assertThat(http.put("/v1/queues/mail-out/messages/a", "x", auth).statusCode()).isEqualTo(201);
    assertThat(http.put("/v1/queues/mail/messages/a", "x", auth).statusCode()).isEqualTo(403);
    assertThat(http.put("/v1/queues/orders2/messages/a", "x", auth).statusCode()).isEqualTo(403);
    assertThat(http.get("/v1/queues/orders/messages/a", auth).body())
        .contains("\"id\":\"a\"")
        .doesNotContain("bodyBase64");
    HttpResponse<String> refused = http.send("DELETE", "/v1/queues/orders/messages/a", "", auth);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("needs the right admin", "\"queue\":\"orders\"");
    assertThat(http.get("/v1/queues", auth).body())
        .contains("\"queue\":\"orders\"")
        .doesNotContain("mail-out");
    assertThat(http.get("/v1/queues", "Authorization", bearer(admin)).body())
        .contains("\"queue\":\"orders\"", "\"queue\":\"mail-out\"");
    assertThat(
            http.post(
                    "/v1/leases:settle",
                    "[{\"queue\":\"orders\",\"id\":\"a\",\"token\":\"1\",\"do\":\"ack\"}]",
                    auth)
                .body())
        .contains("\"status\":403", "needs the right consume");
    assertThat(http.post("/v1/queues/orders/messages:batch", "{\"remove\":\"a\"}", auth).body())
        .contains("\"status\":403");
  }

  @Test
  void whoIsNotKnownIsAskedForAToken() {
    Http http = withTokens();
    String wrong = bearer(Token.random());
    String turned = bearer(shop).substring(0, 40) + bearer(admin).substring(40);
    for (String authorization :
        List.of("Bearer", "Bearer ", "Bearer x", "Basic eDp5", wrong, turned, shop.text(), "é")) {
      HttpResponse<String> refused = http.get("/v1/queues", "Authorization", authorization);
      assertThat(refused.statusCode()).as(authorization).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"pitstop\"");
      assertThat(refused.body()).doesNotContain(shop.text(), wrong.substring(20));
    }
    assertThat(http.get("/v1/queues").statusCode()).isEqualTo(401);
    assertThat(http.put("/v1/queues/orders/messages/a", "x").statusCode()).isEqualTo(401);
    assertThat(http.get("/login").statusCode()).isEqualTo(200);
  }

  /** The HTTP server remembers header values of a connection; a token must not be found by case. */
  @Test
  void aTokenInOtherLettersIsAnotherTokenOnTheSameConnectionToo() throws Exception {
    withTokens();
    try (Raw raw = new Raw(address(), PATIENCE)) {
      for (String token : List.of(shop.text(), shop.text().toLowerCase(Locale.ROOT))) {
        raw.send(
            "GET /v1/queues HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\n\r\n");
      }
      raw.send("GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      assertThat(raw.readAll()).contains("HTTP/1.1 200", "HTTP/1.1 401");
    }
  }

  @Test
  void aBrowserLogsInAndChangesThingsFromOurOwnPagesOnly() {
    Http http = withTokens();
    HttpResponse<String> page = http.get("/login");
    assertThat(page.body()).contains("<form method=\"post\" action=\"/login\">");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(http.post("/login", "token=wrong").statusCode()).isEqualTo(401);
    HttpResponse<String> done = http.post("/login", "token=" + admin.text());
    assertThat(done.statusCode()).isEqualTo(303);
    String cookie = done.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Secure");
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(http.get("/v1/queues", "Cookie", pair).statusCode()).isEqualTo(200);
    String store = "/v1/queues/orders/messages/a";
    assertThat(http.put(store, "x", "Cookie", pair).body()).contains("X-Pitstop-Csrf");
    assertThat(http.put(store, "x", "Cookie", pair, "X-Pitstop-Csrf", "1").statusCode())
        .isEqualTo(201);
    assertThat(
            http.put(
                    store,
                    "x",
                    "Cookie",
                    pair,
                    "X-Pitstop-Csrf",
                    "1",
                    "Origin",
                    "https://evil.example")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            http.post("/login", "token=" + admin.text(), "Sec-Fetch-Site", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(http.post("/logout", "").headers().firstValue("Set-Cookie").orElse(""))
        .startsWith("pitstop=; ")
        .contains("Max-Age=0");
  }

  @Test
  void withoutTokensPagesOfOtherSitesAreRefusedToo() throws Exception {
    Http http = started(Security.defaults().hosts(Set.of("Pitstop.Example")));
    String store = "/v1/queues/orders/messages";
    String own = "http://localhost:" + address().getPort();
    assertThat(http.post(store, "x").statusCode()).isEqualTo(201);
    assertThat(http.post(store, "x", "Origin", own).statusCode()).isEqualTo(201);
    assertThat(http.post(store, "x", "Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(201);
    assertThat(http.get("/v1/queues", "Sec-Fetch-Site", "none").statusCode()).isEqualTo(200);
    for (String origin : List.of("http://evil.example", "null", "http://localhost:1", "file://")) {
      HttpResponse<String> refused = http.post(store, "x", "Origin", origin);
      assertThat(refused.statusCode()).as(origin).isEqualTo(403);
      assertThat(refused.body()).contains("\"field\":\"Origin\"");
    }
    for (String site : List.of("cross-site", "same-site")) {
      assertThat(http.get("/v1/queues", "Sec-Fetch-Site", site).statusCode()).isEqualTo(403);
    }
    for (String host : List.of("localhost", "127.0.0.1:8025", "[::1]:1", "pitstop.example:80")) {
      assertThat(statusFor(host)).as(host).isEqualTo("200");
    }
    for (String host : List.of("evil.example", "localhost.evil.example", "1.2.3.4.evil.example")) {
      assertThat(statusFor(host)).as(host).isEqualTo("403");
    }
  }

  private String statusFor(String host) throws Exception {
    try (Raw raw = new Raw(address(), PATIENCE)) {
      raw.send("GET /v1/queues HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      return raw.readAll().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }
  }

  /** A program that shows a token is no browser, so it may call the server what it likes. */
  @Test
  void aBearerMayCallTheServerByAnyName() throws Exception {
    withTokens();
    try (Raw raw = new Raw(address(), PATIENCE)) {
      raw.send(
          "GET /v1/queues HTTP/1.1\r\nHost: some.service\r\nConnection: close\r\nAuthorization: "
              + bearer(shop)
              + "\r\n\r\n");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whereOthersReachItItDoesNotStartOpenUnlessToldSo() {
    ServerSettings everywhere =
        ServerSettings.defaults()
            .store("memory:")
            .web(Web.Settings.defaults().host("0.0.0.0").port(0));
    assertThatThrownBy(() -> PitstopServer.start(everywhere))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("on 0.0.0.0 everybody")
        .hasMessageContaining("insecureOpenToAll");
    PitstopServer.start(everywhere.security(Security.defaults().openToAll(true))).close();
    Security tokens = Security.defaults().grants(List.of(Grant.admin("boss", admin.hash())));
    PitstopServer.start(everywhere.security(tokens)).close();
  }

  @Test
  void noTextOfOursShowsASecret() {
    Grant grant = Grant.admin("boss", admin.hash());
    ServerSettings settings =
        ServerSettings.defaults()
            .store("postgresql://u:pwd-4711@h/db")
            .security(Security.defaults().grants(List.of(grant)));
    assertThat(admin + " " + admin.hash() + grant + settings)
        .doesNotContain(admin.text().substring(20), admin.hash().text(), "pwd-4711");
  }

  @Test
  void everyAnswerForbidsToBeFramedGuessedOrKept() {
    Http http = withTokens();
    for (HttpResponse<String> answer :
        List.of(http.get("/login"), http.get("/nothing"), http.get("/v1/queues"))) {
      assertThat(answer.headers().map())
          .containsKeys(
              "x-content-type-options",
              "x-frame-options",
              "referrer-policy",
              "content-security-policy",
              "cache-control",
              "x-request-id");
    }
  }
}
