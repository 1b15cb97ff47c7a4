package dev.pitstop.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process and those that it had started when it was looked at. Immutable. */
record Family(List<ProcessHandle> members) {
  static Family of(Process process) {
    return new Family(Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList());
  }

  /** Makes a process and all that it has started stand still; those. */
  static Family halted(Process process) {
    Family all = of(process);
    all.signal("STOP");
    // one that was being started when it was listed is found when the first stand still
    for (Family now = of(process); !all.members.containsAll(now.members); now = of(process)) {
      all = now;
      all.signal("STOP");
    }
    return all;
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
    if (!Files.exists(stat)) {
      return !one.isAlive();
    }
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return text.startsWith(") Z", text.lastIndexOf(')'));
    } catch (IOException e) {
      return !one.isAlive(); // it went while it was read
    }
  }
}
