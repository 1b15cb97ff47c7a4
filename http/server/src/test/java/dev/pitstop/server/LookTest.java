package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.http.Web;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the HTTP API has for those who look: schedules, what recurs, and exact copies. */
final class LookTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private PitstopServer server;

  @BeforeEach
  void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aScheduleIsExplainedBeforeAnythingIsStored() {
    String cron = "/v1/schedules:next?zone=Europe/Oslo&cron=" + encoded("30 2 * * *");
    String next = body("GET", cron + "&from=2027-03-27T12:00:00Z", "");
    assertThat(next)
        .contains("\"words\":\"at 02:30 every day, Europe/Oslo, from 2027-03-27T12:00:00.000Z\"")
        .contains("\"recurring\":true")
        // the clocks skip 02:30 on the 28th
        .contains("\"next\":[\"2027-03-28T01:00:00.000Z\",\"2027-03-29T00:30:00.000Z\"");
    assertThat(body("GET", "/v1/schedules:next?at=2020-01-01T00:00:00Z", ""))
        .contains("\"words\":\"once\"", "\"recurring\":false")
        .doesNotContain("2020-01-01T00:00:00.000Z\"]");
    HttpResponse<String> never =
        send("GET", "/v1/schedules:next?cron=" + encoded("0 0 30 2 *"), "");
    assertThat(never.statusCode()).isEqualTo(422);
    assertThat(never.body()).contains("\"field\":\"cron\"");
    assertThat(send("GET", "/v1/schedules:next?evry=1h", "").body())
        .contains("did you mean every?");
  }

  @Test
  void firingsAreCountedWithinWindowsFromTheNextOccurrenceOn() {
    put(
        "reports",
        "half-hourly",
        "?every=30m&from=2030-01-01T00:00:00Z&until=2030-01-01T05:00:00Z");
    put("reports", "daily", "?zone=Europe/Oslo&cron=" + encoded("0 1 * * *"));
    put("reports", "once", "?delay=1h");
    String edges =
        "2029-12-31T00:00:00Z,2030-01-01T00:00:00Z,2030-01-01T01:00:00Z,2030-01-02T00:00:00Z";
    String found = body("GET", "/v1/recurring?edges=" + edges, "");
    assertThat(found)
        .contains("\"id\":\"half-hourly\"", "\"words\":\"every 30 min")
        .contains("\"firings\":[0,2,8]", "\"firings\":[1,1,0]")
        .contains("\"partial\":false")
        .doesNotContain("\"id\":\"once\"");
    assertThat(body("GET", "/v1/recurring?queue=other", "")).contains("\"items\":[]");
    assertThat(
            send("GET", "/v1/recurring?edges=2030-01-02T00:00:00Z,2030-01-01T00:00:00Z", "").body())
        .contains("\"field\":\"edges\"", "ascending");
  }

  @Test
  void aMessageIsHadBackExactlyAsItStood() {
    byte[] bytes = {0, (byte) 0xff, '{', 13, 10};
    HttpRequest store =
        HttpRequest.newBuilder(server.address().resolve("/v1/queues/mail/messages/a%2F1?every=1h"))
            .PUT(BodyPublishers.ofByteArray(bytes))
            .header("Pitstop-Header-origin", "nightly")
            .build();
    assertThat(HTTP.sendAsync(store, BodyHandlers.ofString()).join().statusCode()).isEqualTo(201);
    body("POST", "/v1/queues/mail/message:emit-now?id=a%2F1", "");
    String leased = body("POST", "/v1/queues/mail/leases", "");
    String token = leased.replaceAll("(?s).*\"token\":\"(\\d+)\".*", "$1");
    body(
        "POST",
        "/v1/leases:settle",
        "[{\"queue\":\"mail\",\"id\":\"a/1\",\"token\":\""
            + token
            + "\",\"do\":\"bury\",\"error\":\"why\"}]");
    String stood = body("GET", "/v1/queues/mail/message?id=a%2F1", "");
    assertThat(stood).contains("\"state\":\"buried\"", "\"lastError\":\"why\"", "\"attempts\":1");

    String copy = body("GET", "/v1/queues/mail/message:export?id=a%2F1", "");
    assertThat(copy)
        .contains("\"bodyBase64\":\"" + Base64.getEncoder().encodeToString(bytes) + '"');
    assertThat(send("DELETE", "/v1/queues/mail/message?id=a%2F1", "").statusCode()).isEqualTo(204);
    assertThat(send("GET", "/v1/queues/mail/message:export?id=a%2F1", "").statusCode())
        .isEqualTo(404);
    String answers =
        body("POST", "/v1/queues/mail/messages:restore", copy + "\n\n{\"id\":\"b\"}\n");
    assertThat(answers.lines())
        .first()
        .asString()
        .isEqualTo("{\"line\":1,\"status\":201,\"id\":\"a/1\",\"outcome\":\"created\"}");
    assertThat(answers.lines().skip(1))
        .singleElement()
        .asString()
        .startsWith("{\"line\":3,\"status\":422,\"problem\":{")
        .contains("due");
    assertThat(withoutAsOf(body("GET", "/v1/queues/mail/message?id=a%2F1", "")))
        .isEqualTo(withoutAsOf(stood));
  }

  @Test
  void aSummaryHasHeadersAndWordsAndNoBody() {
    put("mail", "weekly", "?zone=UTC&header-a=b&cron=" + encoded("0 8 * * MON"));
    assertThat(body("GET", "/v1/queues/mail/messages/weekly?view=summary", ""))
        .contains(
            "\"headers\":{\"a\":\"b\"}", "\"words\":\"at 08:00 on Monday, UTC\"", "\"bodyBytes\":1")
        .doesNotContain("bodyBase64");
    assertThat(send("GET", "/v1/queues/mail/messages/weekly?view=all", "").statusCode())
        .isEqualTo(422);
  }

  @Test
  void aListIsAsLongAsWasAskedForHoweverItIsReadFromTheStore() {
    String lines =
        IntStream.range(0, 130)
            .mapToObj(i -> "{\"id\":\"m-%03d\",\"body\":1,\"in\":\"%dm\"}".formatted(i, i + 1))
            .collect(Collectors.joining("\n"));
    body("POST", "/v1/queues/list/messages:batch", lines);
    for (String filter : List.of("limit=120", "limit=120&prefix=m-", "limit=120&state=scheduled")) {
      String path = "/v1/queues/list/messages?" + filter;
      String page = body("GET", path, "");
      assertThat(ids(page)).hasSize(120).doesNotHaveDuplicates();
      String next = page.replaceAll("(?s).*\"next\":\"(.*?)\".*", "$1");
      String rest = body("GET", path + "&cursor=" + encoded(next), "");
      assertThat(ids(rest)).hasSize(10).doesNotContainAnyElementsOf(ids(page));
      assertThat(rest).doesNotContain("\"next\"");
    }
    assertThat(ids(body("GET", "/v1/queues/list/messages?limit=130", ""))).hasSize(130);
    assertThat(ids(body("GET", "/v1/queues/list/messages?limit=1", ""))).containsExactly("m-000");
  }

  private static List<String> ids(String page) {
    return Pattern.compile("\"id\":\"(.*?)\"")
        .matcher(page)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  @Test
  void callersAreToldWhatTheyMayDo() {
    put("mail", "a", "?delay=1h");
    assertThat(body("GET", "/v1/caller", ""))
        .isEqualTo(
            "{\"name\":\"anybody\",\"rights\":[\"view\",\"store\",\"consume\",\"admin\"],"
                + "\"queues\":{\"mail\":[\"view\",\"store\",\"consume\",\"admin\"]}}");
  }

  private static String withoutAsOf(String json) {
    return json.replaceAll("\"asOf\":\"[^\"]*\"", "");
  }

  private void put(String queue, String id, String when) {
    String path = "/v1/queues/" + queue + "/messages/" + id + when;
    assertThat(send("PUT", path, "x").statusCode()).as(path).isEqualTo(201);
  }

  private String body(String method, String path, String body) {
    HttpResponse<String> answer = send(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body();
  }

  private HttpResponse<String> send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.address().resolve(path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).join();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
