package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** A piece of PostgreSQL's shared memory, which is outside of its directory: a file or a number. */
record SharedMemory(String name) {
  private static final Pattern FILE = Pattern.compile("/dev/shm/PostgreSQL\\.\\d+");
  private static final Pattern SYSTEM_V = Pattern.compile("(\\d+) +/SYSV");

  /** What some processes have of it. */
  static Set<SharedMemory> of(Family processes) {
    Set<SharedMemory> all = new HashSet<>();
    for (ProcessHandle one : processes.members()) {
      String maps = read(Path.of("/proc", Long.toString(one.pid()), "maps"));
      FILE.matcher(maps).results().forEach(file -> all.add(new SharedMemory(file.group())));
      SYSTEM_V.matcher(maps).results().forEach(id -> all.add(new SharedMemory(id.group(1))));
    }
    return all;
  }

  boolean exists() {
    return name.startsWith("/")
        ? Files.exists(Path.of(name))
        : read(Path.of("/proc/sysvipc/shm"))
            .lines()
            .anyMatch(line -> line.strip().split(" +", 3)[1].equals(name));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
