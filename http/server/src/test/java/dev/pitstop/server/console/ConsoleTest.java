package dev.pitstop.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;

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

  @BeforeEach
  void nothingIsStored() {
    Pattern.compile("\"queue\":\"(.*?)\"")
        .matcher(send("GET", "/v1/queues", ""))
        .results()
        .forEach(queue -> send("POST", "/v1/queues/" + queue.group(1) + ":purge", ""));
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
    browser.find("#when").sendKeys(Keys.DELETE);
    browser.sees("dialog", "Give a date and a time.");
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

    browser.sees("nav.main .badge", "1");
    browser.click("nav.main a[href='/buried']");
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
    browser.sees("dialog a[href='/v1/openapi.json'][target=_blank]", "The API");
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
    browser.module("view.js", "m.update()");
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
  void theTimelineIsZoomedByKeysAndItsBarsLeadToWhatFallsDue() {
    store("bars", 1, 5);
    browser.open("/queues/bars?window=24h");
    browser.sees(".timeline .legend", "bars of 15m");
    assertThat(browser.texts("tbody td.id")).hasSize(5);
    browser.script("document.querySelector('.timeline svg').focus()");
    browser.keys("+", "+");
    browser.until("the address has the part shown", () -> browser.address().contains("since="));
    browser.sees(".timeline .legend", "bars of 5m");
    browser.keys("0");
    browser.sees(".timeline .legend", "bars of 1m");
    browser.press(".timeline", "24h");
    browser.until("a bar", () -> !browser.findAll(".timeline a").isEmpty());
    browser.script(
        "document.querySelector('.timeline a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))");
    browser.until("the list has a window", () -> browser.address().contains("from="));
    browser.sees("tbody tr", "bars-00");
    browser.press("main", "table");
    browser.sees(".timeline table", "Scheduled");
    store("elsewhere", 7, 7);
    browser.open("/?find");
    browser.type("#find", "elsewhere-");
    browser.keys(Keys.ENTER);
    browser.sees("dialog", "elsewhere-007");
    browser.press("dialog", "elsewhere-007");
    browser.sees("h1", "elsewhere-007");
  }

  @Test
  void bodiesAreShownForWhatTheyAre() {
    send("PUT", "/v1/queues/bodies/messages/long?delay=1h", "x".repeat(100_000));
    browser.open("/queues/bodies/message?id=long");
    browser.sees("section", "The first 64.0 KiB; the rest by Download.");
    send("PUT", "/v1/queues/bodies/messages/empty?delay=1h", "");
    browser.open("/queues/bodies/message?id=empty");
    browser.sees("section", "The body is empty.");
    send("PUT", "/v1/queues/bodies/messages/cut?delay=1h", "{\"a\":[1,");
    browser.open("/queues/bodies/message?id=cut");
    browser.sees("pre.body", "{\"a\":[1,");
    assertThat(browser.texts(".segments button")).containsExactly("raw", "hex");
  }

  @Test
  void localTimesAreThoseOfTheZoneWhereItsClocksChangeToo() {
    browser.open("/nodes");
    assertThat(local("2026-03-29 02:30")).as("skipped").isEqualTo("2026-03-29T01:30:00.000Z");
    assertThat(local("2026-10-25 02:30")).as("twice").isEqualTo("2026-10-25T00:30:00.000Z");
    assertThat(local("2026-10-25 03:00")).isEqualTo("2026-10-25T02:00:00.000Z");
    assertThat(local("2026-07-01 00:00")).isEqualTo("2026-06-30T22:00:00.000Z");
    assertThat(
            browser.module(
                "format.js",
                "[0, 3].map((h) => m.dayStart(Date.parse('2018-11-04T12:00:00Z'),"
                    + " 'America/Sao_Paulo', 0, h)).map(m.iso)"))
        .as("a midnight that is skipped")
        .isEqualTo(List.of("2018-11-04T03:00:00.000Z", "2018-11-04T05:00:00.000Z"));
    assertThat(browser.module("format.js", "[m.length(59e3), m.length(1e7), m.length(4e8)]"))
        .isEqualTo(List.of("59 s", "3 h", "5 d"));
    assertThat(
            browser.module(
                "format.js",
                "[m.count(1204), m.count({value: 10000, relation: 'at-least'}),"
                    + " m.count({value: 4200000, relation: 'estimate'}), m.count(null)]"))
        .isEqualTo(List.of("1,204", "≥10,000", "≈4.2M", "–"));
    assertThat(browser.module("scale.js", "[0, 1, 1000].map(m.heights(1000, 100, false))"))
        .asString()
        .startsWith("[0, 11.")
        .endsWith(" 100]");
    assertThat(
            browser.module(
                "buried.js",
                "[m.signature('503 from https://h.example/42 in 7 ms'),"
                    + " m.signature('no \"user 7\" 0123456789abcdef'), m.signature(undefined)]"))
        .isEqualTo(List.of("503 from https://h.example/# in # ms", "no … …", "no error was given"));
  }

  /** The instant of a local time in Oslo. */
  private static Object local(String time) {
    String[] parts = time.split("\\D", -1);
    String list = "[" + String.join(",", parts) + "]";
    return Objects.requireNonNull(
        browser.module(
            "format.js",
            "m.iso(m.fromLocal(" + list.replaceAll("\\b0(\\d)", "$1") + ", 'Europe/Oslo'))"));
  }

  @Test
  void visibleTabsShareAStreamAndHiddenOnesHaveNone() {
    store("tabs", 1, 1);
    browser.open("/queues/tabs");
    browser.sees(".live", "live");
    String first = browser.open("/queues/tabs", WindowType.WINDOW);
    browser.sees(".live", "live");
    browser.until("one has it, one waits", () -> List.of(1L, 1L).equals(browser.locks()));
    store("tabs", 2, 2);
    browser.sees("[data-state=scheduled]", "2 scheduled");
    browser.close(first);
    browser.until("the one that waited has it", () -> List.of(1L, 0L).equals(browser.locks()));
    store("tabs", 3, 3);
    browser.sees("[data-state=scheduled]", "3 scheduled");
    String hidden = browser.open("/queues/tabs", WindowType.TAB);
    browser.sees(".live", "live");
    browser.until("the hidden one has let go", () -> List.of(1L, 0L).equals(browser.locks()));
    store("tabs", 4, 4);
    browser.sees("[data-state=scheduled]", "4 scheduled");
    browser.close(hidden);
  }

  @Test
  void aServerThatGoesAwayIsSaidAndComesBack() {
    Web.Settings web = Web.Settings.defaults().port(0);
    ServerSettings settings = ServerSettings.defaults().store("memory:");
    PitstopServer first = PitstopServer.start(settings.web(web));
    int port = first.address().getPort();
    try (Browser own = Browser.start(first.address())) {
      own.open("/");
      own.sees("main", "Nothing is stored yet");
      own.sees(".live", "live");
      first.close();
      own.sees(".live", "away");
      own.sees(".banner", "What is shown is as it was.");
      try (PitstopServer second = PitstopServer.start(settings.web(web.port(port)))) {
        own.sees(".live", "live");
        own.seesNo(".banner");
        assertThat(second.address().getPort()).isEqualTo(port);
      }
    } finally {
      first.close();
    }
  }

  @Test
  void aTokenIsAskedForAndWhatItDoesNotAllowIsNotThere() {
    Token admin = Token.random();
    Token viewer = Token.random();
    Grant looks =
        new Grant("ward", viewer.hash(), Map.of(Right.VIEW, List.of(new QueuePattern("orders*"))));
    Security security =
        Security.defaults().grants(List.of(Grant.admin("ada", admin.hash()), looks));
    ServerSettings settings =
        ServerSettings.defaults()
            .store("memory:")
            .web(Web.Settings.defaults().port(0))
            .security(security);
    try (PitstopServer guarded = PitstopServer.start(settings);
        Browser own = Browser.start(guarded.address())) {
      own.open("/queues/orders-eu");
      own.sees("main", "This server asks for a token");
      own.type("#token", Token.random().text());
      own.press("main", "Log in");
      own.sees(".wrong", "The server does not know this token.");
      own.type("#token", admin.text());
      own.press("main", "Log in");
      own.sees("h1", "orders-eu");
      own.press("main", "Store");
      own.type("#store-id", "a");
      own.press("dialog footer", "Store");
      own.sees("tbody tr", "a");
      own.press("main", "Pause");
      own.sees(".state.paused", "paused");
      own.press(".frame > header", "Log out");
      own.sees("main", "This server asks for a token");
      own.type("#token", viewer.text());
      own.press("main", "Log in");
      own.sees("tbody tr", "a");
      own.until("no buttons", () -> !own.texts("main button").contains("Resume"));
      assertThat(own.texts("main button")).doesNotContain("Store", "Webhook…");
      own.click("tbody a");
      own.sees(".pane", "To read bodies, a token needs the right consume.");
      assertThat(own.texts(".pane button")).doesNotContain("Remove", "Reschedule");
      own.open("/queues/mail");
      own.sees("main", "The token does not allow that");
      assertThat(own.complaints()).isEmpty();
    }
  }

  @Test
  void everyScreenFitsEveryWidth() {
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
    for (int width : List.of(380, 768, 1280)) {
      browser.size(width, width == 768 ? "dark" : "light");
      for (String screen : screens) {
        browser.open(screen);
        browser.seesNo("[aria-busy], .skeleton");
        Object fits = browser.script("return document.documentElement.scrollWidth <= innerWidth");
        assertThat(fits).as("%s at %s", screen, width).isEqualTo(true);
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
      leased = send("POST", leases + "&wait=5s", ""); // due within its millisecond
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
