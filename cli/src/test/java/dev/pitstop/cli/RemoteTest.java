package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
  void F01_aServerThatIsAwayIsNamedWithoutTheToken() {
    server.terminate();
    server.result();
    address = address + "?token=pst_secret";
    Child.Result result = run("", "queues");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("http://localhost:").doesNotContain("secret");
  }
}
