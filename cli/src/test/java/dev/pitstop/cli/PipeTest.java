package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pitstop pipe} in a process of its own. */
class PipeTest {
  @TempDir private Path dir = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void inADirectoryWithASpace() {
    store = dir.resolve("my data");
  }

  @Test
  void whatComesInGoesOutWhenItIsDue() {
    Child.Result result =
        untilEmpty(
            """
            {"id":"later","body":{"n":1.00},"in":"400ms","headers":{"a":"é"}}

            {"id":"now","body":"x"}
            {"id":"past","body":null,"at":"2001-01-01T01:00:00+01:00"}
            """);

    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(ids(result)).containsExactly("past", "now", "later");
    JsonNode later = result.json().get(2);
    assertThat(later.propertyNames())
        .containsExactly(
            "queue", "id", "body", "headers", "scheduledFor", "emittedAt", "attempt", "token");
    assertThat(result.out().get(2)).contains("\"body\":{\"n\":1.00},\"headers\":{\"a\":\"é\"}");
    assertThat(later.get("queue").asString()).isEqualTo("default");
    assertThat(later.get("attempt").asInt()).isEqualTo(1);
    assertThat(later.get("token").isString()).isTrue();
    assertThat(time(later, "emittedAt")).isAfterOrEqualTo(time(later, "scheduledFor"));
    assertThat(later.get("scheduledFor").asString()).hasSize("2026-01-01T00:00:00.000Z".length());
  }

  @Test
  void S06_aRefusedLineIsToldAndTheOthersGoOn() {
    String tooLong = "{\"body\":\"" + "x".repeat(3 << 20) + "\"}";
    String bodyTooLarge = "{\"body\":\"" + "x".repeat(1 << 20) + "\"}";
    Child.Result result =
        untilEmpty(
            "nope\n{\"id\":\"a\",\"body\":1}\n"
                + tooLong
                + "\n"
                + bodyTooLarge
                + "\n{\"id\":\"\",\"body\":1}\n{\"id\":\"b\",\"body\":1}\n");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(ids(result)).containsExactlyInAnyOrder("a", "b");
    assertThat(result.err().lines())
        .containsExactlyInAnyOrder(
            "pitstop: line 1: line is not JSON at column 1",
            "pitstop: line 3: line must be at most 2097152 bytes, was longer",
            "pitstop: line 4: body must be at most 1048576 bytes (maxBody), was 1048578 bytes",
            "pitstop: line 5: id must not be empty, was \"\"");
  }

  @Test
  void S03_linesAboutOneIdKeepTheirOrder() {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      input.append("{\"id\":\"a\",\"body\":").append(i).append(",\"in\":\"3s\"}\n");
      if (i % 20 == 0) {
        input.append("{\"id\":\"b").append(i).append("\",\"body\":1,\"in\":\"1h\"}\n");
        input.append("{\"remove\":\"b").append(i).append("\"}\n");
      }
    }
    Child.Result result = untilEmpty(input.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.json()).hasSize(1);
    assertThat(result.json().get(0).get("body").asInt()).isEqualTo(2_999);
  }

  @Test
  void S04_ifPresentIsKept() {
    Child.Result result =
        untilEmpty(
            """
            {"id":"a","body":1,"in":"1s"}
            {"id":"a","body":2,"in":"1s","ifPresent":"keep"}
            {"id":"a","body":3,"in":"1s","ifPresent":"fail"}
            """);

    assertThat(result.err())
        .isEqualToNormalizingNewlines("pitstop: line 3: queue default holds a message a already\n");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.json().get(0).get("body").asInt()).isEqualTo(1);
  }

  @Test
  void R01_aRecurringMessageEndsByItself() {
    Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(2);
    Child.Result result =
        untilEmpty(
            "{\"id\":\"r\",\"body\":1,\"every\":\"500ms\",\"from\":\"%s\",\"until\":\"%s\"}\n"
                .formatted(start, start.plusSeconds(6)));

    assertThat(result.exit()).isZero();
    assertThat(result.json().stream().map(line -> time(line, "scheduledFor")))
        .containsExactlyElementsOf(
            IntStream.range(0, 12).mapToObj(k -> start.plusMillis(500L * k)).toList());
  }

  @Test
  void aLineIsTakenAtOnceWhileTheInputIsOpen() {
    try (Child child = Child.start(store, "pipe")) {
      child.write("{\"id\":\"a\",\"body\":1}\n{\"id\":\"half");
      assertThat(json(child.line()).get("id").asString()).isEqualTo("a");
      child.write("\",\"body\":2}\n");
      assertThat(json(child.line()).get("id").asString()).isEqualTo("half");
      child.endInput();
      child.terminate();
      assertThat(child.result().exit()).isZero();
    }
  }

  @Test
  void H01_sigtermEndsItGracefully() {
    Set<String> seen = new HashSet<>();
    try (Child child = Child.start(store, "pipe")) {
      Thread writer = new Thread(() -> child.write(messages(20_000, "1s")));
      writer.start();
      seen.add(json(child.line()).get("id").asString());
      child.terminate();
      Child.Result result = child.result();
      assertThat(result.exit()).isZero();
      assertThat(result.err()).isEmpty();
      seen.addAll(ids(result));
    }
    int before = seen.size();

    Child.Result rest = untilEmpty("");
    assertThat(ids(rest)).as("emitted again").doesNotContainAnyElementsOf(seen);
    seen.addAll(ids(rest));
    assertThat(before).isPositive();
    assertThat(seen).as("stored and emitted").hasSize(before + rest.out().size());
  }

  @Test
  void E02_whatAClosedOutputDidNotTakeComesAgain() {
    String first;
    try (Child child = Child.start(store, "pipe", "--until-empty")) {
      child.write(messages(5_000, "500ms"));
      child.endInput();
      first = json(child.line()).get("id").asString();
      child.closeOutput();
      Child.Result result = child.ended();
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).isEmpty();
    }
    Set<String> rest = new HashSet<>(ids(untilEmpty("")));
    assertThat(rest.size()).isGreaterThan(1_000);
    assertThat(first).isNotEmpty();
  }

  @Test
  void E02_aFullDiskIsOneLineAndLosesNothing() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "needs /dev/full");
    try (Child child = Child.start(store, full, "pipe", "--until-empty")) {
      child.write(messages(1_000, "0s"));
      child.endInput();
      Child.Result result = child.ended();
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err())
          .isEqualToNormalizingNewlines("pitstop: standard output: No space left on device\n");
    }
    Child.Result rest = untilEmpty("");
    assertThat(ids(rest)).hasSize(1_000);
    assertThat(rest.json()).allMatch(line -> line.get("attempt").asInt() == 1);
  }

  @Test
  void H04_aStoreInUseIsOneLineThatNamesIt() {
    try (Child child = Child.start(store, "pipe")) {
      child.write("{\"body\":1}\n");
      child.line();
      Child.Result second = Child.run(store, "", "pipe");
      assertThat(second.exit()).isEqualTo(3);
      assertThat(second.err().lines()).hasSize(1);
      assertThat(second.err()).contains(store.toString());
    }
  }

  @Test
  void twentyThousandLinesGoThrough() {
    Child.Result result = untilEmpty(messages(20_000, "1s"));

    assertThat(result.exit()).isZero();
    assertThat(new HashSet<>(ids(result))).hasSize(20_000);
    assertThat(result.json().stream().map(line -> time(line, "scheduledFor")).toList()).isSorted();
  }

  private Child.Result untilEmpty(String input) {
    return Child.run(store, input, "pipe", "--until-empty");
  }

  private static String messages(int count, String in) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"id\":\"m" + i + "\",\"body\":{\"n\":" + i + "},\"in\":\"" + in + "\"}\n")
        .collect(Collectors.joining());
  }

  private static List<String> ids(Child.Result result) {
    return result.json().stream().map(line -> line.get("id").asString()).toList();
  }

  private static Instant time(JsonNode line, String field) {
    return Instant.parse(line.get(field).asString());
  }

  private static JsonNode json(String line) {
    return JsonMapper.shared().readTree(line);
  }
}
