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
      String maps = maps(one);
      FILE.matcher(maps).results().forEach(file -> all.add(new SharedMemory(file.group())));
      SYSTEM_V.matcher(maps).results().forEach(id -> all.add(new SharedMemory(id.group(1))));
    }
    return all;
  }

  /** What a process has in its memory; nothing when it has ended meanwhile, as a worker may. */
  private static String maps(ProcessHandle process) {
    try {
      return read(Path.of("/proc", Long.toString(process.pid()), "maps"));
    } catch (UncheckedIOException e) {
      if (process.isAlive()) {
        throw e;
      }
      return "";
    }
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
