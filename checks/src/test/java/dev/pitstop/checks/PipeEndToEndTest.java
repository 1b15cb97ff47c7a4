package dev.pitstop.checks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar, killed in the middle of its work. */
class PipeEndToEndTest {
  private static final Path JAR =
      Path.of(System.getProperty("pitstop.jar", "../cli/target/pitstop.jar"));
  private static final Pattern ID = Pattern.compile("\"id\":\"([a-z]+\\d*)\".*}");
  private static final int MESSAGES = 20_000;
  private static final int UNDER_WAY = 256;

  @TempDir private Path dir = Path.of("");

  @BeforeEach
  void withTheJar() {
    assumeTrue(Files.exists(JAR), "needs " + JAR + ", which mvn package builds");
  }

  /** H03: what was stored before the process was killed is emitted by the next one. */
  @Test
  void H03_killedAtTheFirstEmissionNothingIsLost() throws Exception {
    Set<String> first = new HashSet<>();
    Process killed = pipe(ProcessBuilder.Redirect.PIPE);
    try (BufferedReader out = killed.inputReader(UTF_8)) {
      feed(killed);
      awaitStoredAndFirstEmission(out, first);
      killed.toHandle().destroyForcibly();
      readToTheEnd(out, first);
    }
    assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();

    List<String> second = new ArrayList<>();
    Process again = pipe(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try (BufferedReader out = again.inputReader(UTF_8)) {
      readToTheEnd(out, second);
    }
    assertThat(again.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(again.exitValue()).isZero();

    Set<String> all = new HashSet<>(first);
    all.addAll(second);
    assertThat(all).as("emitted by either").hasSize(MESSAGES + 1);
    assertThat(second).as("emitted by the second").doesNotHaveDuplicates();
    assertThat(second.stream().filter(first::contains).count())
        .as("emitted by both: flushed and not acked when it was killed")
        .isLessThanOrEqualTo(2 * UNDER_WAY);
  }

  private Process pipe(ProcessBuilder.Redirect input) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            JAR.toString(),
            "pipe",
            "--until-empty",
            "--store",
            "rocksdb:" + dir.resolve("data"))
        .redirectInput(input)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Everything is due in three seconds but the last, which is due once all others are stored. */
  private static void feed(Process process) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < MESSAGES; i++) {
      lines.append("{\"id\":\"m").append(i).append("\",\"body\":").append(i);
      lines.append(",\"in\":\"3s\"}\n");
    }
    lines.append("{\"id\":\"last\",\"body\":null}\n");
    OutputStream in = process.getOutputStream();
    in.write(lines.toString().getBytes(UTF_8));
    in.flush();
  }

  private static void awaitStoredAndFirstEmission(BufferedReader out, Set<String> ids)
      throws IOException {
    while (!ids.contains("last") || ids.size() < 2) {
      String line = out.readLine();
      assertThat(line).as("output before the kill").isNotNull();
      add(line, ids);
    }
  }

  private static void readToTheEnd(BufferedReader out, Collection<String> ids) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      add(line, ids);
    }
  }

  /** Counts a whole line; one that the kill cut off was not emitted. */
  private static void add(String line, Collection<String> ids) {
    Matcher id = ID.matcher(line);
    if (id.find() && line.endsWith("}")) {
      ids.add(id.group(1));
    }
  }
}
