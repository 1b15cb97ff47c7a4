package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The commands that look into queues and move them, each in a process of its own. */
class CommandsTest {
  private static final String EXPORTED =
      """
      {"id":"soon","body":{"n":1.00},"headers":{"a":"1"},"state":"scheduled",\
      "due":"2999-01-01T00:00:00.000Z","scheduledFor":"2999-01-01T00:00:00.000Z",\
      "missed":0,"attempts":0}
      {"id":"tried","bodyBase64":"AP8=","contentType":"application/octet-stream","headers":{},\
      "schedule":"every PT1H from 2998-12-31T23:00:00Z","state":"scheduled",\
      "due":"2999-01-02T00:00:00.000Z","scheduledFor":"2999-01-01T23:00:00.000Z",\
      "missed":2,"attempts":3,"lastError":"no luck"}
      {"id":"dead","bodyBase64":"IDE=","contentType":"application/json","headers":{},\
      "state":"buried","due":"2026-01-01T00:00:00.000Z",\
      "scheduledFor":"2026-01-01T00:00:00.000Z","missed":0,"attempts":25,"lastError":"gave up"}
      """;

  @TempDir private Path dir = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void store() {
    store = dir.resolve("data");
  }

  @Test
  void exportAndImportMoveAQueueWhole() {
    assertThat(imported().out()).containsExactly("imported 3");
    Child.Result exported = run("export", "q");
    assertThat(String.join("\n", exported.out()) + "\n").isEqualTo(EXPORTED);

    Path other = dir.resolve("other");
    Child.Result moved = Child.run(other, String.join("\n", exported.out()), "import", "p");
    assertThat(moved.exit()).isZero();
    assertThat(Child.run(other, "", "export", "p").out()).isEqualTo(exported.out());
  }

  @Test
  void linesThatCannotBeImportedAreToldAndTheOthersGoOn() {
    Child.Result result = Child.run(store, "{\"id\":\"x\"}\n" + EXPORTED, "import", "q");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).containsExactly("imported 3");
    assertThat(result.err()).isEqualToNormalizingNewlines("pitstop: line 1: due must be given\n");
  }

  @Test
  void queuesAreShown() {
    imported();

    JsonNode queue = run("queues", "--json").json().get(0);
    assertThat(queue.toString())
        .isEqualTo(
            "{\"queue\":\"q\",\"scheduled\":2,\"leased\":0,\"buried\":1,"
                + "\"nextDue\":\"2999-01-01T00:00:00.000Z\"}");
    List<String> table = run("queues").out();
    assertThat(table.get(0)).isEqualTo("QUEUE  SCHEDULED  LEASED  BURIED  NEXT DUE");
    assertThat(table.get(1))
        .matches("q      2          0       1       2999-01-01T00:00:00.000Z \\(in \\d+ y\\)");
  }

  @Test
  void messagesAreListed() {
    imported();

    assertThat(run("list", "q", "--json").json().stream().map(line -> line.get("id").asString()))
        .containsExactly("soon", "tried", "dead");
    Child.Result limited = run("list", "q", "--limit", "1");
    assertThat(limited.out()).hasSize(2);
    assertThat(limited.err()).contains("--limit");
    List<String> buried = run("list", "q", "--state", "buried").out();
    assertThat(buried).hasSize(2);
    assertThat(buried.get(1)).isEqualTo("dead  buried  -    25        -         gave up");
  }

  @Test
  void aMessageIsShown() {
    imported();

    assertThat(run("show", "q", "tried").out())
        .contains(
            "id             tried",
            "state          scheduled",
            "schedule       every PT1H from 2998-12-31T23:00:00Z",
            "attempts       3",
            "missed         2",
            "last error     no luck",
            "body           2 bytes that are no text; --json shows them");
    assertThat(run("show", "q", "soon").out())
        .contains("header         a: 1", "body           {\"n\":1.00}");
    JsonNode json = run("show", "q", "dead", "--json").json().get(0);
    assertThat(json.get("body").asInt()).isEqualTo(1);
    Child.Result missing = run("show", "q", "nobody");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err())
        .isEqualToNormalizingNewlines("pitstop: queue q holds no message nobody\n");
  }

  @Test
  void T06_messagesAreRemoved() {
    imported();

    Child.Result result = run("remove", "q", "soon", "nobody", "dead");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).containsExactly("removed soon", "removed dead");
    assertThat(result.err())
        .isEqualToNormalizingNewlines("pitstop: queue q holds no message nobody\n");
    assertThat(run("list", "q", "--json").out()).hasSize(1);
  }

  @Test
  void T07_buriedMessagesAreRequeued() {
    imported();

    Child.Result refused = run("requeue", "q", "soon");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("holds no buried message soon");
    assertThat(run("requeue", "q", "dead").out()).containsExactly("requeued dead");
    assertThat(run("requeue", "q").out()).containsExactly("requeued 0");
    JsonNode dead = run("show", "q", "dead", "--json").json().get(0);
    assertThat(dead.get("state").asString()).isEqualTo("scheduled");
    assertThat(dead.get("attempts").asInt()).isZero();
  }

  @Test
  void purgeAsksBefore() {
    imported();

    Child.Result no = Child.run(store, "no\n", "purge", "q");
    assertThat(no.exit()).isEqualTo(1);
    assertThat(no.err()).startsWith("Remove all 3 messages of q? [y/N] ");
    assertThat(run("purge", "q").exit()).as("without an answer").isEqualTo(1);
    assertThat(run("list", "q", "--json").out()).hasSize(3);

    assertThat(Child.run(store, "y\n", "purge", "q").out()).containsExactly("removed 3");
    imported();
    assertThat(run("purge", "q", "--yes").out()).containsExactly("removed 3");
    assertThat(run("list", "q", "--json").out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"queues", "list q", "show q x", "remove q x", "requeue q", "purge q", "export q"})
  void aStoreThatIsNotThereIsNotMade(String command) {
    Child.Result result = run(command.split(" ", -1));

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .isEqualToNormalizingNewlines(
            "pitstop: there is no store at rocksdb:%s\n".formatted(store));
    assertThat(Files.exists(store)).isFalse();
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAsItIs() throws IOException {
    Files.createDirectory(store);

    assertThat(run("queues").exit()).isEqualTo(3);
    assertThat(store).isEmptyDirectory();
  }

  @Test
  void nextShowsWhenACronExpressionFires() {
    String[] oslo = {
      "next",
      "0 9 * * MON-FRI",
      "--zone",
      "Europe/Oslo",
      "--after",
      "2026-03-27T12:00:00Z",
      "-n",
      "2"
    };
    assertThat(run(oslo).out()).containsExactly("2026-03-30T07:00:00Z", "2026-03-31T07:00:00Z");
    assertThat(run("next", "@yearly", "--after", "2026-01-01T00:00:00Z", "-n", "1", "--json").out())
        .containsExactly("[\"2027-01-01T00:00:00Z\"]");
  }

  @Test
  void S06_whatIsWrongOnTheCommandLineIsToldWithTheWayOut() {
    Child.Result option = run("list", "q", "--jsn");
    assertThat(option.exit()).isEqualTo(2);
    assertThat(option.err())
        .isEqualToNormalizingNewlines(
            """
            pitstop: Unknown option: '--jsn'
            Possible solutions: --json
            Try 'pitstop list --help'.
            """);
    assertThat(run("next", "99 * * * *").exit()).isEqualTo(2);
    assertThat(run("list", "q", "--state", "gone").err())
        .startsWith("pitstop: --state must be one of scheduled, leased, buried, was gone");
    Child.Result queue = Child.run(store, "", "import", "a b");
    assertThat(queue.exit()).isEqualTo(2);
    assertThat(queue.err()).contains("queue must be 1 to 128 of A-Z a-z 0-9 . _ -, was a b");
    assertThat(run("queues", "--store", "nowhere:x").exit()).isEqualTo(2);
  }

  @Test
  void aFullDiskIsOneLine() {
    assumeTrue(Files.isWritable(Path.of("/dev/full")));
    imported();

    try (Child child = Child.start(store, Path.of("/dev/full"), "export", "q")) {
      Child.Result result = child.ended();
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err())
          .isEqualToNormalizingNewlines("pitstop: standard output: No space left on device\n");
    }
  }

  @Test
  void aloneItShowsItsHelp() {
    assertThat(run().out()).contains("Usage: pitstop [-hV] [COMMAND]");
    assertThat(run("--version").out().get(0)).startsWith("pitstop ");
  }

  private Child.Result imported() {
    Child.Result result = Child.run(store, EXPORTED, "import", "q");
    assertThat(result.err()).isEmpty();
    return result;
  }

  private Child.Result run(String... args) {
    return Child.run(store, "", args);
  }
}
