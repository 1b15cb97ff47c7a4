package dev.pitstop.servers;

import java.nio.file.Path;
import java.util.stream.Stream;

/** Processes of this machine. */
final class Processes {
  private Processes() {}

  /** Those that were started with a directory in their command line, and what they have started. */
  static Family of(Path directory) {
    return new Family(
        ProcessHandle.allProcesses()
            .filter(one -> one.info().commandLine().orElse("").contains(directory.toString()))
            .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
            .toList());
  }
}
