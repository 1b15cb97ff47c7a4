package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FamilyTest {
  private static final String BUSY = "while :; do :; done & while :; do :; done & wait";

  private static List<Character> states(ProcessHandle one) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(one.pid()), "task"))) {
      return threads.map(FamilyTest::state).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static char state(Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void nothingOfItRunsOnceItIsHalted() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs Linux's /proc");
    Process process = Command.prepare(List.of("sh", "-c", BUSY)).start();
    try {
      for (int round = 0; round < 30; round++) {
        Family halted = Family.halted(process);
        assertThat(halted.members())
            .allSatisfy(one -> assertThat(states(one)).isNotEmpty().containsOnly('T'));
        halted.signal("CONT");
      }
    } finally {
      Family.halted(process).signal("KILL");
    }
  }
}
