package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process and those that it had started when it was looked at. Immutable. */
record Family(List<ProcessHandle> members) {
  private static final Duration HALT = Duration.ofSeconds(60);

  static Family of(Process process) {
    return new Family(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
  }

  /** Makes a process and all that it has started stand still; those. */
  static Family halted(Process process) {
    Family all = of(process);
    all.halt();
    // one that was being started when it was listed is found when the first stand still
    for (Family now = of(process); !all.members.containsAll(now.members); now = of(process)) {
      all = now;
      all.halt();
    }
    return all;
  }

  /** Waits for it: on a busy machine a thread may run on for long before the signal reaches it. */
  private void halt() {
    signal("STOP");
    long begin = System.nanoTime();
    for (ProcessHandle one : members) {
      while (!halted(one)) {
        if (System.nanoTime() - begin > HALT.toNanos()) {
          throw new IllegalStateException(
              "the process " + one.pid() + " did not stand still within " + HALT);
        }
        LockSupport.parkNanos(100_000);
      }
    }
  }

  /** Whether all threads of a process stand still or have ended. */
  private static boolean halted(ProcessHandle one) {
    Path threads = Path.of("/proc", Long.toString(one.pid()), "task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> each = Files.list(threads)) {
      return each.allMatch(thread -> "TtZX".indexOf(state(thread.resolve("stat"))) >= 0);
    } catch (IOException | UncheckedIOException e) {
      return true; // it went while it was looked at
    }
  }

  /** The state of a process or a thread as its line in /proc has it, X when it is gone. */
  private static char state(Path stat) {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return text.charAt(text.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return 'X'; // it went while it was read
    }
  }

  /** Sends a signal, as {@code STOP}, to all that are still there. */
  void signal(String signal) {
    List<String> command = new ArrayList<>();
    // kill fails when one of them is gone, which is no failure here
    command.addAll(List.of("sh", "-c", "kill -\"$0\" \"$@\" 2>/dev/null || true", signal));
    members.forEach(one -> command.add(Long.toString(one.pid())));
    Command.run(command, Map.of());
  }

  /** Waits until all have ended; whether they have in time. */
  boolean ends(Duration limit) {
    long begin = System.nanoTime();
    for (ProcessHandle one : members) {
      while (!gone(one)) {
        if (System.nanoTime() - begin > limit.toNanos()) {
          return false;
        }
        one.onExit().completeOnTimeout(one, 20, TimeUnit.MILLISECONDS).join();
      }
    }
    return true;
  }

  /** Whether it has ended; one whose parent does not ask how stays listed, in the state Z. */
  private static boolean gone(ProcessHandle one) {
    if (!one.isAlive()) {
      return true;
    }
    Path stat = Path.of("/proc", Long.toString(one.pid()), "stat");
    return Files.exists(stat) ? "ZX".indexOf(state(stat)) >= 0 : !one.isAlive();
  }
}
