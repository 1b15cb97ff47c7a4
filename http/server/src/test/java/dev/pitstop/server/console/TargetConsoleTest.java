package dev.pitstop.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.ListenerOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.servers.Sink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What people do in the console with a queue that is posted to a target, in a real browser. */
final class TargetConsoleTest {
  private static final byte[] REFUSAL = "no <b>room</b>".getBytes(StandardCharsets.UTF_8);

  private final AtomicBoolean well = new AtomicBoolean();

  private static PitstopServer server() {
    RetryPolicy retry = new RetryPolicy(Duration.ofMillis(200), Duration.ofMillis(200), 0, 3);
    QueueSettings orders =
        new QueueSettings(
            new QueuePattern("orders"), ListenerOptions.defaults().retry(retry), Optional.empty());
    String place = "http://127.0.0.1:1/" + "long".repeat(50) + "?allowPrivate=true";
    QueueSettings relayed =
        new QueueSettings(
            new QueuePattern("relayed"),
            ListenerOptions.defaults(),
            Optional.empty(),
            new RelaySettings(List.of(), Optional.empty(), Optional.of(place), 10));
    return PitstopServer.start(
        ServerSettings.defaults()
            .store("memory:")
            .web(Web.Settings.defaults().port(0))
            .queues(List.of(orders, relayed))
            .targets(new Webhooks.Settings(true, List.of())));
  }

  private Sink sink() {
    return new Sink(
        exchange -> {
          if (well.get()) {
            Sink.status(exchange, 204);
          } else {
            exchange.sendResponseHeaders(500, REFUSAL.length);
            exchange.getResponseBody().write(REFUSAL);
            exchange.close();
          }
        });
  }

  @Test
  void aMessageIsStoredRescheduledPostedInVainBuriedRequeuedAndPosted() throws Exception {
    try (Sink sink = sink();
        PitstopServer server = server();
        Browser browser = Browser.start(server.address())) {
      browser.size(1280, "light");
      browser.open("/queues/orders");
      browser.press("main", "Store");
      browser.type("#store-id", "a-1");
      browser.type("#store-body", "{\"order\":17}");
      browser.type("#store-delay", "2h");
      browser.press("dialog", "Store");
      browser.sees(".toast", "created in orders");
      browser.sees("tbody tr", "a-1");

      browser.press("main", "Webhook…");
      browser.sees("dialog", "posted nowhere");
      browser.type("#target-url", sink.url().toString());
      browser.type("#target-timeout", "2h");
      browser.press("dialog", "New secret");
      browser.click("#target-private");
      browser.press("dialog footer", "Set");
      browser.sees("dialog .wrong", "timeout must be from PT0.001S to PT1H, was PT2H");
      browser.type("#target-timeout", "20s");
      browser.press("dialog footer", "Set");
      browser.sees(".toast", "Messages of orders are posted now");
      browser.sees(".title", "webhook, nothing posted yet");

      browser.click("tbody a");
      browser.press("main .pane", "Reschedule");
      browser.press("dialog", "in 1 d");
      browser.press("dialog footer", "Reschedule");
      browser.sees(".pane dl.facts", "in 24 h");
      browser.press("main .pane", "Emit now");
      browser.press("dialog footer", "Emit now");

      browser.sees(".banner.target", "webhook failing · 500");
      browser.sees(".banner.target", "answered 500 no <b>room</b>");
      browser.sees("tbody tr", "buried");
      for (String attempt : List.of("1", "2", "3")) {
        Sink.Got got = sink.next();
        assertThat(got.header("pitstop-attempt")).isEqualTo(attempt);
        assertThat(got.header("webhook-signature")).startsWith("v1,");
      }
      browser.open("/");
      browser.sees("tr[data-row=orders]", "webhook failing · 500");
      for (String screen : List.of("/", "/queues/orders")) {
        browser.size(380, "dark");
        browser.open(screen);
        browser.sees("main .state.failed", "webhook failing · 500");
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
            .as(screen)
            .isEqualTo(true);
      }
      browser.size(1280, "light");
      browser.open("/queues/orders/message?id=a-1");
      browser.sees("pre.error", "answered 500 no <b>room</b>");

      browser.open("/queues/orders");
      browser.press("main", "Webhook…");
      browser.sees("dialog dl.facts", "1 secret");
      browser.sees("dialog dl.facts", "16 at once, 20 s each, in private networks too");
      browser.press("dialog", "Post a test");
      browser.sees("dialog .tested", "test failed");
      well.set(true);
      browser.press("dialog", "Post a test");
      browser.sees("dialog .tested", "test answered 204");
      assertThat(browser.script("return document.documentElement.outerHTML"))
          .asString()
          .doesNotContain("x=1")
          .doesNotContainPattern("whsec_[A-Za-z0-9]");
      browser.press("dialog", "Cancel");

      browser.open("/queues/orders/message?id=a-1");
      browser.press("main", "Requeue");
      // by whether the page looked while it was posted
      String gone = "(?s).*(holds no message of that id|Gone since it was shown).*";
      browser.until("gone", () -> browser.texts("main").get(0).matches(gone));
      assertThat(sink.next().header("pitstop-test")).isEqualTo("true");
      assertThat(sink.next().header("pitstop-test")).isEqualTo("true");
      assertThat(sink.next().header("pitstop-id")).isEqualTo("a-1");
      browser.open("/queues/orders");
      browser.sees(".title .state.acked", "webhook 204");
      browser.seesNo(".banner.target");

      browser.press("main", "Webhook…");
      browser.press("dialog", "Remove…");
      browser.sees("dialog", "There is no undo");
      browser.press("dialog footer", "Remove");
      browser.sees(".toast", "The webhook of orders is removed");
      browser.until("no badge", () -> !browser.texts(".title").get(0).contains("webhook 204"));

      browser.size(380, "light");
      browser.open("/queues/relayed");
      browser.sees("p.relay", "emits to http://127.0.0.1:1/longlong");
      browser.sees("p.relay", "0 relayed");
      assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void theFormFitsEveryWidthAndIsDoneWithKeys() throws Exception {
    try (Sink sink = sink();
        PitstopServer server = server();
        Browser browser = Browser.start(server.address())) {
      for (int width : List.of(380, 768, 1280)) {
        browser.size(width, width == 768 ? "dark" : "light");
        browser.open("/queues/orders");
        browser.press("main", "Webhook…");
        browser.find("#target-url");
        assertThat(browser.script("return document.activeElement.id")).isEqualTo("target-url");
        Object fits =
            browser.script(
                "const d = document.querySelector('dialog');"
                    + "return document.documentElement.scrollWidth <= innerWidth"
                    + " && d.scrollWidth <= d.clientWidth");
        assertThat(fits).as("at %s", width).isEqualTo(true);
        browser.type("#target-url", sink.url() + "&long=" + "x".repeat(300));
        browser.keys(Keys.ENTER);
        if (width == 380) {
          // the sink is in a private network, which the server lets be, but the form did not say
          browser.sees(".toast", "posted now");
        } else {
          browser.sees(".toast", "is replaced");
        }
        browser.seesNo("dialog");
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
