package dev.pitstop.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
  @Test
  void leavesNoProcessAndNoDirectoryWhenClosed() {
    PostgresServer one = PostgresServer.start(Map.of("fsync", "off"));
    MariaDbServer other = MariaDbServer.start(Map.of());
    Family ofOne = Processes.of(one.directory());
    Family ofOther = Processes.of(other.directory());
    assertThat(ofOne.members()).hasSizeGreaterThan(4);
    assertThat(ofOther.members()).isNotEmpty();
    assertThat(ofOne.ends(Duration.ZERO)).isFalse();
    assertThat(ofOther.ends(Duration.ZERO)).isFalse();

    one.close();
    other.close();

    assertThat(ofOne.ends(Duration.ZERO)).isTrue();
    assertThat(ofOther.ends(Duration.ZERO)).isTrue();
    assertThat(one.directory()).doesNotExist();
    assertThat(other.directory()).doesNotExist();
    one.close();
    assertThatThrownBy(one::restart)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("PostgreSQL is closed");
  }

  @Test
  void leavesNothingWhenTheJvmEnds() throws IOException {
    leavesNothing(
        (jvm, directory) -> {
          jvm.getOutputStream().close();
          jvm.onExit().join();
          assertThat(directory).doesNotExist(); // not a moment later
        });
  }

  @Test
  void leavesNothingWhenTheJvmIsKilled() throws IOException {
    leavesNothing((jvm, directory) -> jvm.destroyForcibly());
  }

  private interface Ending {
    void apply(Process jvm, Path directory) throws IOException;
  }

  private static void leavesNothing(Ending ending) throws IOException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Unclosed.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = jvm.inputReader(StandardCharsets.UTF_8)) {
      Path directory = Path.of(lines.readLine());
      Family processes = Processes.of(directory);
      Set<SharedMemory> held = SharedMemory.of(processes);
      assertThat(processes.members()).isNotEmpty();
      ending.apply(jvm, directory);
      assertThat(processes.ends(Duration.ofSeconds(30))).isTrue();
      assertThat(held).isNotEmpty().noneMatch(SharedMemory::exists);
      assertThat(directory).doesNotExist();
    } finally {
      jvm.destroy();
    }
  }

  @Test
  void leavesNoSharedMemoryWhenClosed() throws IOException {
    try (PostgresServer running = PostgresServer.start(Map.of("fsync", "off"));
        PostgresServer paused = PostgresServer.start(Map.of("fsync", "off"));
        PostgresServer killed = PostgresServer.start(Map.of("fsync", "off"));
        PostgresServer standby = PostgresServer.standbyOf(killed)) {
      for (PostgresServer server : List.of(running, paused, standby, killed)) {
        Set<SharedMemory> held = SharedMemory.of(Processes.of(server.directory()));
        if (server == paused) {
          server.pause();
        } else if (server != running) {
          server.kill();
        }
        assertThat(held).isNotEmpty().allMatch(SharedMemory::exists);
        server.close();
        assertThat(held).noneMatch(SharedMemory::exists);
      }
    }
  }

  @Test
  void takesAnotherPortWhenTheFirstIsTaken() throws IOException {
    try (PostgresServer behind = PostgresServer.start(Map.of("fsync", "off"))) {
      startsOnTheSecondPort(PostgresServer.kind(Map.of("fsync", "off")));
      startsOnTheSecondPort(MariaDbServer.kind(Map.of()));
      startsOnTheSecondPort(PgBouncer.kind(behind, "session"));
    }
  }

  private static void startsOnTheSecondPort(ServerKind kind) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int free = Ports.free();
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();
      try (ServerProcess server = ServerProcess.start(kind, ports::next)) {
        assertThat(server.port()).isEqualTo(free);
      }
    }
  }

  @Test
  void namesThePackageOfAMissingProgram() {
    assertThatThrownBy(() -> Programs.find("pitstopd", "pitstop-server", List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pitstopd is not installed")
        .hasMessageContaining("Debian package pitstop-server");
  }

  /** Those started with a directory, and those that they started. */
  /** A program that starts a server, writes its directory, and ends when its input does. */
  static final class Unclosed {
    private Unclosed() {}

    public static void main(String[] arguments) throws IOException {
      PostgresServer server = PostgresServer.start(Map.of("fsync", "off"));
      System.out.println(server.directory());
      while (System.in.read() >= 0) {
        // until it ends
      }
    }
  }
}
