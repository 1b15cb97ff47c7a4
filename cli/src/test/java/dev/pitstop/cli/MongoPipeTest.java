package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pitstop --store mongodb://…} in a process of its own. */
class MongoPipeTest {
  private final MongoServer server = new MongoServer(new MemoryBackend());
  @TempDir private Path dir = Path.of("");
  private String address = "";

  @BeforeEach
  void start() {
    address = "mongodb://localhost:" + server.bind().getPort() + "/pitstop";
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private Child.Result run(String input, String... args) {
    return Child.run(dir, input, args);
  }

  @Test
  void whatComesInGoesOutWhenItIsDue() {
    String lines =
        """
        {"id":"later","body":{"n":1.00},"in":"400ms","headers":{"a":"é"}}
        {"id":"now","body":"x"}
        """;
    Child.Result result = run(lines, "pipe", "--until-empty", "--store", address);
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.json().stream().map(line -> line.get("id").asString()))
        .containsExactly("now", "later");
    assertThat(result.out().get(1)).contains("\"body\":{\"n\":1.00},\"headers\":{\"a\":\"é\"}");

    Child.Result again = run("", "queues", "--store", address);
    assertThat(again.err()).isEmpty();
    assertThat(again.exit()).isZero();
    assertThat(String.join("\n", again.out())).contains("default");
  }

  @Test
  void F01_aServerThatIsAwayIsNamedWithoutThePassword() {
    int port = server.getLocalAddress().getPort();
    server.shutdownNow();
    Child.Result result =
        run(
            "{\"body\":1}\n",
            "pipe",
            "--store",
            "mongodb://someone:hush-hush@localhost:" + port + "/pitstop?timeout=300ms");
    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("localhost:" + port).doesNotContain("hush-hush");
  }
}
