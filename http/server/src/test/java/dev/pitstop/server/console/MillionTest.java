package dev.pitstop.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** How long the page of a large queue takes to open, on a machine that does nothing else. */
@EnabledIfEnvironmentVariable(
    named = "PITSTOP_TEST_MILLION",
    matches = ".+",
    disabledReason = "stores a million messages; PITSTOP_TEST_MILLION=yes has it run")
final class MillionTest {
  private static final int OPENED = 9;
  private static final String FIRST_ROW = ".messages tbody tr";

  @Test
  void aQueueOfAMillionMessagesOpensWithin300Milliseconds(@TempDir Path directory) {
    String store = "rocksdb:" + directory;
    store(store);
    Web.Settings web = Web.Settings.defaults().port(0);
    try (PitstopServer server =
            PitstopServer.start(ServerSettings.defaults().store(store).web(web));
        Browser browser = Browser.start(server.address())) {
      List<Double> clicked = new ArrayList<>();
      List<Double> loaded = new ArrayList<>();
      for (int i = 0; i < OPENED; i++) {
        browser.open("/");
        browser.find("tbody a");
        clicked.add(browser.millisFromClick("tbody a", FIRST_ROW));
        loaded.add(browser.millisFromAddress("/queues/million", FIRST_ROW));
      }
      System.out.println("from a click to the first row, in ms: " + clicked);
      System.out.println("from an address to the first row, in ms: " + loaded);
      browser.sees("main", "1,000,000 scheduled");
      assertThat(median(clicked)).isLessThan(300);
      assertThat(median(loaded)).isLessThan(300);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static double median(List<Double> millis) {
    return millis.stream().sorted().toList().get(millis.size() / 2);
  }

  private static void store(String store) {
    Random random = new Random(1);
    try (Pitstop pitstop = Pitstop.open(store)) {
      for (int batch = 0; batch < 1_000; batch++) {
        List<Deferral<byte[]>> deferrals = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          String id = "m-%07d".formatted(batch * 1_000 + i);
          byte[] body = ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
          Schedule within7Days = Schedule.in(Duration.ofSeconds(60 + random.nextInt(604_800)));
          deferrals.add(
              new Deferral<>(
                  new Message<>(body, Optional.of(id), Map.of(), Optional.of("application/json")),
                  within7Days,
                  IfPresent.REPLACE));
        }
        pitstop.queue("million").storeAll(deferrals).join();
      }
    }
  }
}
