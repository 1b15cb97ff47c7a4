package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.ListenerOptions;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import dev.pitstop.webhook.Target;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running server answers is what its description says. */
@SuppressWarnings("try") // a fault ends when it is closed
final class AnswersTest {
  private static final String MESSAGES = "/v1/queues/{queue}/messages";
  private static final String MESSAGE = MESSAGES + "/{id}";

  private final Token admin = Token.random();
  private final Token shop = Token.random();
  private PitstopServer server;
  private Http http;
  private Description description;
  private final Set<String> called = new TreeSet<>();

  @BeforeEach
  void start() {
    Target nobody =
        new Target(
            URI.create("http://127.0.0.1:1/hook"), List.of(), Duration.ofSeconds(10), 1, true);
    Security security =
        Security.defaults()
            .grants(
                List.of(
                    Grant.admin("boss", admin.hash()), new Grant("shop", shop.hash(), Map.of())));
    server =
        PitstopServer.start(
            ServerSettings.defaults()
                .store("faulty:answers")
                .maxBody(1_000)
                .bounds(new Bounds(10_000, 5, 10))
                .security(security)
                .queues(
                    List.of(
                        new QueueSettings(
                            new QueuePattern("posted"),
                            ListenerOptions.defaults(),
                            Optional.of(nobody)),
                        new QueueSettings(
                            new QueuePattern("relayed"),
                            ListenerOptions.defaults(),
                            Optional.empty(),
                            new RelaySettings(
                                List.of(),
                                Optional.empty(),
                                Optional.of("http://127.0.0.1:1/hook?allowPrivate=true"),
                                10))))
                .web(Web.Settings.defaults().port(0)));
    http = Http.to(server);
    description = new Description(http.get("/v1/openapi.json").body());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Calls an operation, and holds the answer against what is said of it. */
  private String call(
      int status, String method, String template, String path, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Authorization";
    all[1] = "Bearer " + admin.text();
    return answered(status, method, template, http.send(method, path, body, all));
  }

  private String answered(
      int status, String method, String template, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    Description.Operation operation = description.operation(method, template);
    JsonNode content = description.answer(operation, status).path("content");
    if (content.isEmpty()) {
      assertThat(response.body()).isEmpty();
    } else {
      String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
      JsonNode media = content.get(type);
      assertThat(media).as(operation.name() + " answers " + type).isNotNull();
      if (type.endsWith("json")) {
        for (String json :
            type.endsWith("x-ndjson")
                ? response.body().lines().toList()
                : List.of(response.body())) {
          assertThat(description.errors(media.get("schema"), json)).as(json).isEmpty();
        }
      }
    }
    if (status < 300) {
      called.add(operation.name());
    }
    return response.body();
  }

  @Test
  void whatTheMainCallsAnswerIsAsDescribed() {
    storesAndLooks();
    leasesAndSettles();
    movesAndRemoves();
    doesWithMany();
    watches();
    Set<String> all = new TreeSet<>();
    for (Description.Operation operation : description.operations()) {
      String answers = operation.node().path("responses").toString();
      boolean json =
          !answers.contains("text/event-stream") && !answers.matches(".*(StoreCall|vnd.pitstop).*");
      if (operation.path().matches("/(v1|health)/.*") && json) {
        all.add(operation.name());
      }
    }
    assertThat(called).as("all but streams, bytes and pages were called").isEqualTo(all);
  }

  private void storesAndLooks() {
    call(201, "POST", MESSAGES, "/v1/queues/mail/messages?delay=1h", "one", "Idempotency-Key", "k");
    call(201, "PUT", MESSAGE, "/v1/queues/mail/messages/a?delay=1h&header-x=y", "{\"a\":1}");
    call(200, "PUT", MESSAGE, "/v1/queues/mail/messages/a", "{}", "Content-Type", "a/b+json");
    call(201, "PUT", byId(""), "/v1/queues/mail/message?id=a%2Fb&every=1h", "x");
    call(
        200,
        "POST",
        MESSAGES + ":batch",
        "/v1/queues/mail/messages:batch",
        "{\"body\":1,\"id\":\"c\",\"in\":\"1h\"}\n{\"body\":1,\"at\":\"x\"}\n{\"remove\":\"c\"}\n"
            + "{\"remove\":\"c\"}");
    call(200, "GET", MESSAGES, "/v1/queues/mail/messages?limit=1", "");
    call(200, "GET", MESSAGES, "/v1/queues/mail/messages?view=full", "");
    call(200, "GET", MESSAGES, "/v1/queues/mail/messages?prefix=a", "");
    for (String view : List.of("", "&view=summary")) {
      call(200, "GET", byId(""), "/v1/queues/mail/message?id=a%2Fb" + view, "");
    }
    call(200, "GET", MESSAGE, "/v1/queues/mail/messages/a", "");
    call(200, "GET", MESSAGE + ":body", "/v1/queues/mail/messages/a:body", "");
    call(200, "GET", byId(":body"), "/v1/queues/mail/message:body?id=a", "");
    call(
        200,
        "GET",
        "/v1/recurring",
        "/v1/recurring?edges=2030-01-01T00:00:00Z,2030-01-02T00:00:00Z",
        "");
    call(200, "GET", "/v1/schedules:next", "/v1/schedules:next?cron=0%209%20*%20*%20*", "");
  }

  private static String byId(String verb) {
    return "/v1/queues/{queue}/message" + verb;
  }

  private void leasesAndSettles() {
    String leases = "/v1/queues/{queue}/leases";
    String leased = call(200, "POST", leases, "/v1/queues/mail/leases?wait=20s", "");
    JsonNode lease = new JsonMapper().readTree(leased).at("/leases/0");
    String settle =
        "{\"queue\":\"mail\",\"id\":\"a\",\"token\":\""
            + lease.get("token").asString()
            + "\",\"do\":\"bury\",\"error\":\"why\"}";
    String other = "{\"queue\":\"mail\",\"id\":\"none\",\"token\":\"1\",\"do\":\"ack\"}";
    String wrong = "{\"queue\":\"mail\",\"id\":\"none\",\"token\":\"1\",\"do\":\"eat\"}";
    String settled =
        call(
            200,
            "POST",
            "/v1/leases:settle",
            "/v1/leases:settle",
            "[" + settle + "," + other + "," + wrong + ",{}]");
    assertThat(settled).contains("\"took\":true", "\"took\":false", "\"status\":422");
    call(200, "POST", leases, "/v1/queues/mail/leases", "");
  }

  private void movesAndRemoves() {
    String copy = call(200, "GET", MESSAGE + ":export", "/v1/queues/mail/messages/a:export", "");
    call(200, "GET", byId(":export"), "/v1/queues/mail/message:export?id=a%2Fb", "");
    String restore = MESSAGES + ":restore";
    call(204, "POST", MESSAGE + ":requeue", "/v1/queues/mail/messages/a:requeue", "");
    call(200, "POST", restore, "/v1/queues/mail/messages:restore", copy + "\n{}");
    call(204, "POST", byId(":requeue"), "/v1/queues/mail/message:requeue?id=a", "");
    for (String verb : List.of(":emit-now", ":reschedule")) {
      String parameter = verb.equals(":reschedule") ? "delay=1h" : "";
      call(204, "POST", MESSAGE + verb, "/v1/queues/mail/messages/a" + verb + "?" + parameter, "");
      call(204, "POST", byId(verb), "/v1/queues/mail/message" + verb + "?id=a&" + parameter, "");
    }
    call(204, "DELETE", MESSAGE, "/v1/queues/mail/messages/a", "");
    call(204, "DELETE", byId(""), "/v1/queues/mail/message?id=a%2Fb", "");
  }

  private void doesWithMany() {
    String select = MESSAGES + ":select";
    for (String verb : List.of("requeue", "reschedule?delay=1h", "emit-now?spread=1h", "remove")) {
      String selected = call(201, "POST", select, "/v1/queues/mail/messages:select", "{}");
      String selection = new JsonMapper().readTree(selected).get("id").asString();
      String begun =
          call(
              202,
              "POST",
              "/v1/selections/{id}:" + verb.replaceAll("\\?.*", ""),
              "/v1/selections/" + selection + ":" + verb,
              "");
      String operation = "/v1/operations/" + new JsonMapper().readTree(begun).get("id").asString();
      call(200, "GET", "/v1/operations/{id}", operation, "");
      call(200, "POST", "/v1/operations/{id}:cancel", operation + ":cancel", "");
      TestServer.until(
          "ended",
          () -> call(200, "GET", "/v1/operations/{id}", operation, "").contains("\"ended\":"));
    }
    for (String verb : List.of(":pause", ":resume", ":requeue-all", ":purge")) {
      call(200, "POST", "/v1/queues/{queue}" + verb, "/v1/queues/mail" + verb, "");
    }
  }

  private void watches() {
    String target = "/v1/queues/{queue}/target";
    call(200, "GET", target, "/v1/queues/posted/target", "");
    assertThat(call(200, "POST", target + ":test", "/v1/queues/posted/target:test", ""))
        .contains("\"outcome\":\"unreachable\"");
    String other = "/v1/queues/other/target";
    call(201, "PUT", target, other, "{\"url\":\"https://hooks.example.com/\"}");
    call(200, "PUT", target, other, "{\"url\":\"https://hooks.example.com/2\"}");
    call(200, "GET", target, other, "");
    call(501, "PUT", target, other, "{}", "If-None-Match", "*");
    call(204, "DELETE", target, other, "");
    call(201, "PUT", MESSAGE, "/v1/queues/posted/messages/p", "x");
    TestServer.until(
        "posted",
        () -> call(200, "GET", target, "/v1/queues/posted/target", "").contains("\"last\":"));
    String relays = "/v1/queues/{queue}/relays";
    assertThat(call(200, "GET", relays, "/v1/queues/mail/relays", "")).contains("\"relays\":[]");
    call(201, "PUT", MESSAGE, "/v1/queues/relayed/messages/r", "x");
    TestServer.until(
        "failed",
        () -> call(200, "GET", relays, "/v1/queues/relayed/relays", "").contains("lastFailure"));
    call(409, "PUT", target, "/v1/queues/relayed/target", "{\"url\":\"https://example.com/\"}");
    call(201, "PUT", MESSAGE, "/v1/queues/mail/messages/later?delay=5m", "x");
    call(200, "GET", "/v1/queues", "/v1/queues?reserved=true", "");
    call(200, "GET", "/v1/queues/{queue}", "/v1/queues/mail", "");
    call(200, "GET", "/v1/timeline", "/v1/timeline", "");
    call(200, "GET", "/v1/timeline", "/v1/timeline?queue=mail&bucket=1h", "");
    call(200, "GET", "/v1/nodes", "/v1/nodes", "");
    call(200, "GET", "/v1/caller", "/v1/caller", "");
    call(200, "GET", "/v1/openapi.json", "/v1/openapi.json", "");
    call(200, "GET", "/health/live", "/health/live", "");
    call(200, "GET", "/health/ready", "/health/ready", "");
  }

  @Test
  void problemsAreAsDescribed() {
    String list = "/v1/queues/mail/messages";
    String one = list + "/a";
    call(201, "PUT", MESSAGE, one + "?delay=1h", "x");
    problem(Problem.Kind.INVALID_FIELD, "GET", MESSAGES, list + "?limit=0", "");
    problem(Problem.Kind.UNKNOWN_FIELD, "GET", MESSAGES, list + "?limits=1", "");
    problem(Problem.Kind.NOT_FOUND, "GET", MESSAGE, list + "/b", "");
    problem(Problem.Kind.EXISTS, "PUT", MESSAGE, one + "?ifPresent=fail", "y");
    problem(Problem.Kind.WRONG_STATE, "POST", MESSAGE + ":requeue", one + ":requeue", "");
    problem(Problem.Kind.PRECONDITION_FAILED, "PUT", MESSAGE, one, "y", "If-None-Match", "*");
    problem(Problem.Kind.NOT_SUPPORTED, "DELETE", MESSAGE, one, "", "If-Match", "\"1\"");
    problem(Problem.Kind.BODY_TOO_LARGE, "PUT", MESSAGE, one, "x".repeat(1_001));
    problem(
        Problem.Kind.BODY_TOO_LARGE, "POST", MESSAGES + ":batch", list + ":batch", "\n".repeat(6));
    call(201, "POST", MESSAGES, list, "x", "Idempotency-Key", "k");
    problem(Problem.Kind.IDEMPOTENCY_REUSED, "POST", MESSAGES, list, "y", "Idempotency-Key", "k");
    FaultyStore store = FaultyStoreFactory.store("answers");
    try (Fault away = store.on(FaultyStore.Operation.FIND).always().fail()) {
      problem(Problem.Kind.STORE_AWAY, "GET", MESSAGE, one, "");
    }
    answered(401, "GET", MESSAGE, http.get(one));
    answered(403, "GET", MESSAGE, http.get(one, "Authorization", "Bearer " + shop.text()));
    assertThat(call(200, "GET", MESSAGE, one, "")).contains("\"bodyBase64\":\"eA==\"");
  }

  private void problem(
      Problem.Kind kind,
      String method,
      String template,
      String path,
      String body,
      String... headers) {
    assertThat(call(kind.status(), method, template, path, body, headers))
        .contains("\"type\":\"/problems/" + kind.slug() + "\"");
  }

  @Test
  void eachTypeOfProblemIsAsDescribedAndLeadsToAPage() {
    JsonNode schema = description.document().at("/components/responses/Problem/content");
    for (Problem.Kind kind : Problem.Kind.values()) {
      String json =
          new String(
              Problem.of(kind, "why")
                  .with("field", "x")
                  .answer("5f1c0a1e-3a0e-4a83-9a55-6a5de4f3f1ce")
                  .body(),
              StandardCharsets.UTF_8);
      assertThat(description.errors(schema.get("application/problem+json").get("schema"), json))
          .as(json)
          .isEmpty();
      String type = new JsonMapper().readTree(json).get("type").asString();
      HttpResponse<String> page = http.get(type);
      answered(200, "GET", "/problems/{type}", page);
      assertThat(page.body())
          .contains("<title>" + kind.title() + "</title>", "<code>" + kind.slug() + "</code>");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "style-src 'sha256-")
          .doesNotContain("unsafe-inline");
    }
    assertThat(http.get("/problems/none").statusCode()).isEqualTo(404);
  }

  @Test
  void aConditionThatCannotBeKeptToIsRefusedAndNotPassedOver() {
    String one = "/v1/queues/mail/messages/a";
    call(201, "PUT", MESSAGE, one + "?delay=1h", "x", "If-None-Match", "*");
    for (String method : List.of("PUT", "DELETE")) {
      for (String header : List.of("If-Match", "If-Unmodified-Since", "If-None-Match")) {
        boolean ofPut = method.equals("PUT") && header.equals("If-None-Match");
        String value = ofPut ? "\"1\"" : "*";
        assertThat(call(501, method, MESSAGE, one, method.equals("PUT") ? "y" : "", header, value))
            .contains("\"field\":\"" + header + "\"");
      }
    }
    call(422, "PUT", MESSAGE, one + "?ifPresent=replace", "y", "If-None-Match", "*");
    call(501, "POST", MESSAGES, "/v1/queues/mail/messages", "y", "If-None-Match", "*");
    assertThat(call(200, "GET", MESSAGE, one, "")).contains("\"bodyBase64\":\"eA==\"");
  }
}
