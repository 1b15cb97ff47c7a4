package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on the store of a {@code pitstop serve}, with nothing changed but the address. */
class RemoteTest {
  private static final String EXPORTED =
      """
      {"id":"soon","body":{"n":1.00},"headers":{"a":"1"},"state":"scheduled",\
      "due":"2999-01-01T00:00:00.000Z","scheduledFor":"2999-01-01T00:00:00.000Z",\
      "missed":0,"attempts":0}
      {"id":"dead","bodyBase64":"AP8=","contentType":"application/octet-stream","headers":{},\
      "state":"buried","due":"2026-01-01T00:00:00.000Z",\
      "scheduledFor":"2026-01-01T00:00:00.000Z","missed":0,"attempts":25,"lastError":"gave up"}
      """;

  @TempDir private Path dir = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Child server;

  private String address = "";

  @BeforeEach
  void serve() {
    server = Child.start(dir.resolve("data"), "serve", "--port", "0");
    String line = server.line();
    address = line.substring(line.lastIndexOf(' ') + 1);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private Child.Result run(String input, String... args) {
    String[] all =
        Stream.concat(Stream.of(args), Stream.of("--store", address)).toArray(String[]::new);
    return Child.run(dir.resolve("none"), input, all);
  }

  private List<String> out(String input, String... args) {
    Child.Result result = run(input, args);
    assertThat(result.err()).as("what %s says", List.of(args)).isEmpty();
    return result.out();
  }

  @Test
  void aQueueIsFilledLookedAtAndEmptied() {
    assertThat(out(EXPORTED, "import", "q")).containsExactly("imported 2");
    assertThat(out("", "queues").get(1)).startsWith("q      1          0       1 ");
    assertThat(out("", "list", "q")).hasSize(3);
    assertThat(out("", "show", "q", "dead")).contains("attempts       25");
    assertThat(String.join("\n", out("", "export", "q")) + "\n").isEqualTo(EXPORTED);
    assertThat(out("", "remove", "q", "soon")).containsExactly("removed soon");
    assertThat(out("", "requeue", "q")).containsExactly("requeued 1");
    assertThat(out("", "purge", "q", "--yes")).containsExactly("removed 1");
    assertThat(out("", "list", "q", "--json")).isEmpty();
  }

  @Test
  void whatComesInGoesOutWhenItIsDue() {
    String lines = "{\"id\":\"later\",\"body\":1,\"in\":\"400ms\"}\n{\"id\":\"now\",\"body\":2}\n";
    Child.Result result = run(lines, "pipe", "--until-empty");
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.json().stream().map(line -> line.get("id").asString()))
        .containsExactly("now", "later");
  }

  @Test
  void H03_aServerThatIsKilledInMidLoadLosesNothingThatWasConfirmed() {
    String port = Integer.toString(URI.create(address).getPort());
    try (Pitstop pitstop = Pitstop.open(address + "?timeout=2s&leaseTime=2s")) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Set<String> emitted = ConcurrentHashMap.newKeySet();
      queue.listen(delivery -> emitted.add(delivery.id()));
      Set<String> confirmed = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<?>> stores = new ArrayList<>();
      boolean killed = false;
      for (int i = 0; i < 3_000; i++) {
        stores.add(
            queue
                .store(Message.of("body").id("m" + i), Instant.EPOCH)
                .handle((stored, failure) -> failure == null && confirmed.add(stored.id())));
        if (!killed && emitted.size() > 100) {
          server.close(); // by SIGKILL
          killed = true;
        }
      }
      if (!killed) {
        until("some are emitted", () -> emitted.size() > 100);
        server.close();
      }
      server = Child.start(dir.resolve("data"), "serve", "--port", port);
      assertThat(server.line()).endsWith(address);
      stores.forEach(CompletableFuture::join);
      assertThat(confirmed).hasSizeGreaterThan(100);
      until("all that was confirmed is emitted", () -> emitted.containsAll(confirmed));
    }
  }

  private static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time: " + what).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void F01_aServerThatIsAwayIsNamedWithoutTheToken() {
    server.terminate();
    server.result();
    address = address + "?token=pst_secret";
    Child.Result result = run("", "queues");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("http://localhost:").doesNotContain("secret");
  }
}
