package dev.pitstop.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What people do in the console, in a real browser. */
final class ConsoleTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // set before any test
  private static PitstopServer server;

  @SuppressWarnings("NullAway.Init") // set before any test
  private static Browser browser;

  @BeforeAll
  static void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0)));
    browser = Browser.start(server.address());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    server.close();
  }

  @AfterEach
  void theBrowserHadNothingToComplainOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aMessageIsStoredSeenRescheduledBuriedRequeuedAndAcked() {
    browser.size(1280, "light");
    browser.open("/");
    browser.press("main", "Store a message");
    browser.type("#store-queue", "walk");
    browser.type("#store-id", "<b>a-1</b>");
    browser.type(
        "#store-body", "{\"big\":12345678901234567890,\"html\":\"<img src=x onerror=alert(1)>\"}");
    browser.click("input[name=kind][value=cron]");
    browser.sees(".preview", "at 09:00 on Monday to Friday");
    browser.type("#store-cron", "0 0 30 2 *");
    browser.sees(".preview", "never fires");
    browser.click("input[name=kind][value=delay]");
    browser.type("#store-delay", "2h");
    browser.sees(".preview", "in 2 h");
    browser.press("dialog", "Store");
    browser.sees(".toast", "created in walk");

    browser.press(".toast", "Look at it");
    browser.sees("h1", "<b>a-1</b>");
    browser.sees("pre.body", "\"big\": 12345678901234567890");
    browser.sees("pre.body", "<img src=x onerror=alert(1)>");
    browser.press("main", "hex");
    browser.sees("pre.body", "000000  7b 22 62 69 67 22");

    browser.press("main", "Reschedule");
    browser.press("dialog", "in 7 d");
    browser.press("dialog footer", "Reschedule");
    browser.sees("dl.facts", "in 7 d");
    browser.press(".toast:last-child", "Undo");
    browser.sees(".toast", "is back as it was");
    browser.sees("dl.facts", "in 2 h");

    browser.press("main", "Emit now");
    browser.press("dialog footer", "Emit now");
    browser.sees("h1 + .state", "overdue");
    settle("walk", "bury", ",\"error\":\"503 from https://example.org/42\"");
    browser.sees("main .banner", "Changed");
    browser.press("main .banner", "Show");
    browser.sees("pre.error", "503 from https://example.org/42");

    browser.press("nav.main", "✕Buried 1");
    browser.sees("main table", "503 from https://example.org/#");
    browser.press("main tbody", "Requeue…");
    browser.sees("dialog", "1 message, settled now");
    browser.press("dialog footer", "Requeue 1");
    browser.sees("dialog", "1 requeued");
    browser.press("dialog footer", "Close");
    browser.sees("main", "Nothing is buried");

    settle("walk", "ack", "");
    browser.open("/queues/walk");
    browser.sees("main", "This queue holds nothing");
    browser.sees(".legend", "1 acked");
  }

  @Test
  void keysLeadThroughTheScreens() {
    store("keys", 1, 3);
    browser.open("/");
    browser.sees("tbody tr", "keys");
    browser.keys("g", "b");
    browser.sees("h1", "Buried");
    browser.keys("g", "r");
    browser.sees("h1", "Recurring");
    browser.keys("g", "n");
    browser.sees("h1", "Nodes");
    browser.keys("?");
    browser.sees("dialog", "next row, row before");
    browser.keys(Keys.ESCAPE);
    browser.seesNo("dialog");
    browser.open("/queues/keys");
    browser.sees("tbody tr", "keys-001");
    browser.keys("j", "j", "x");
    browser.sees(".strip", "1 message selected");
    browser.keys(Keys.ESCAPE);
    browser.seesNo(".strip");
    browser.keys(Keys.ENTER);
    browser.sees(".pane h1", "keys-002");
    browser.keys(Keys.DELETE);
    browser.sees("dialog", "Remove keys-002?");
    browser.press("dialog footer", "Remove");
    browser.until("two are left", () -> browser.findAll("tbody tr").size() == 2);
    browser.keys("z");
    browser.until("it is back", () -> browser.findAll("tbody tr").size() == 3);
    browser.keys("p");
    browser.sees(".state.paused", "paused");
    browser.keys("z");
    browser.seesNo(".state.paused");
    browser.keys("/");
    browser.keys("keys-003", Keys.ENTER);
    browser.until(
        "the message is found", () -> browser.address().equals("/queues/keys/message?id=keys-003"));
  }

  @Test
  void pagesAreLeafedThroughAndLinkedTo() {
    store("pages", 1, 120);
    browser.open("/queues/pages");
    browser.sees("tbody tr:last-child", "pages-050");
    browser.press(".pager", "Next ›");
    browser.sees("tbody tr:first-child", "pages-051");
    String second = browser.address();
    browser.press(".pager", "Next ›");
    browser.sees("tbody tr:last-child", "pages-120");
    browser.sees(".pager", "End of list");
    browser.back();
    browser.sees("tbody tr:first-child", "pages-051");
    browser.press(".pager", "‹ Before");
    browser.sees("tbody tr:first-child", "pages-001");
    browser.open(second);
    browser.sees("tbody tr:first-child", "pages-051");
    browser.press(".pager", "« First page");
    browser.sees("tbody tr:first-child", "pages-001");
    browser.type("input[aria-label='Id begins with']", "pages-11");
    browser.until("ten match", () -> browser.findAll("tbody tr").size() == 10);
    browser.type("input[aria-label='Id begins with']", "pages-2");
    browser.sees(".empty", "ids that begin with pages-2");
    browser.press(".empty", "Clear");
    browser.sees("tbody tr:first-child", "pages-001");
  }

  @Test
  void rowsStayWhereTheyAreWhileSomethingIsSelected() {
    store("still", 10, 12);
    browser.open("/queues/still");
    browser.sees("tbody tr:first-child", "still-010");
    browser.click("tbody tr:nth-child(2) input");
    store("still", 1, 2);
    browser.sees(".messages .strip", "2 new");
    assertThat(browser.texts("tbody td.id")).containsExactly("still-010", "still-011", "still-012");
    browser.press(".messages .strip", "Show");
    browser.sees("tbody tr:first-child", "still-001");
    assertThat(browser.texts("tbody tr.chosen td.id")).containsExactly("still-011");
  }

  @Test
  void manyAreRemovedAfterTheirNumberWasTypedAndComeBack() {
    store("many", 1, 70);
    browser.open("/queues/many");
    browser.sees("tbody tr:last-child", "many-050");
    browser.click("thead input");
    browser.press("main > .columns > .panel > .strip", "Remove…");
    browser.sees("dialog", "50 messages, settled now");
    assertThat(browser.find("dialog button[type=submit]").isEnabled()).isFalse();
    browser.type("#typed", "50");
    browser.press("dialog footer", "Remove 50");
    browser.sees("dialog", "50 removed");
    browser.press("dialog footer", "Close");
    browser.until("twenty are left", () -> browser.findAll("tbody tr").size() == 20);
    browser.press(".toast:last-child", "Undo");
    browser.sees(".toast", "50 messages back as before");
    browser.sees("tbody tr:first-child", "many-001");
    browser.click("thead input");
    browser.press(".columns .strip", "Select all that match");
    browser.press(".columns .strip", "Emit now…");
    browser.sees("dialog", "70 messages, settled now");
    browser.press("dialog footer", "Emit now 70");
    browser.sees("dialog", "70 made due");
    browser.press("dialog footer", "Close");
    browser.sees("tbody tr:first-child", "overdue");
  }

  @Test
  void everyScreenFitsEveryWidthInBothThemes() {
    store("fits", 1, 3);
    send("PUT", "/v1/queues/fits/messages/" + "long".repeat(100) + "?every=1h", "x");
    settle("fits-buried", "bury", ",\"error\":\"" + "why ".repeat(60) + "\"");
    List<String> screens =
        List.of(
            "/",
            "/queues/fits",
            "/queues/fits/message?id=" + "long".repeat(100),
            "/queues/fits/message?id=none",
            "/recurring",
            "/recurring?view=week",
            "/buried",
            "/nodes");
    for (String theme : List.of("light", "dark")) {
      for (int width : List.of(380, 768, 1280)) {
        browser.size(width, theme);
        for (String screen : screens) {
          browser.open(screen);
          browser.seesNo("[aria-busy], .skeleton");
          Object wide = browser.script("return document.documentElement.scrollWidth <= innerWidth");
          assertThat(wide).as("%s at %s, %s", screen, width, theme).isEqualTo(true);
        }
      }
    }
    browser.size(1280, "light");
  }

  /** Stores messages that are due a minute after one another, numbered from one to another. */
  private static void store(String queue, int from, int to) {
    String lines =
        IntStream.rangeClosed(from, to)
            .mapToObj(
                i ->
                    "{\"id\":\"%s-%03d\",\"body\":%d,\"in\":\"%dm\"}"
                        .formatted(queue, i, i, 60 + i))
            .collect(Collectors.joining("\n"));
    assertThat(send("POST", "/v1/queues/" + queue + "/messages:batch", lines))
        .doesNotContain("problem");
  }

  /** Leases the first of a queue, storing one where there is none, and settles it. */
  private static void settle(String queue, String how, String more) {
    String leases = "/v1/queues/" + queue + "/leases?limit=1";
    String leased = send("POST", leases, "");
    if (!leased.contains("token")) {
      send("PUT", "/v1/queues/" + queue + "/messages/only", "x");
      leased = send("POST", leases, "");
    }
    String id = leased.replaceAll("(?s).*\"id\":\"(.*?)\",.*", "$1");
    String token = leased.replaceAll("(?s).*\"token\":\"(\\d+)\".*", "$1");
    String settle =
        "[{\"queue\":\"%s\",\"id\":\"%s\",\"token\":\"%s\",\"do\":\"%s\"%s}]"
            .formatted(queue, id, token, how, more);
    assertThat(send("POST", "/v1/leases:settle", settle)).contains("\"took\":true");
  }

  private static String send(String method, String path, String body) {
    URI address = server.address().resolve(path);
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, BodyPublishers.ofString(body)).build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).join().body();
  }
}
