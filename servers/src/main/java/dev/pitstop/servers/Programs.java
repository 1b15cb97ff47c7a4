package dev.pitstop.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the programs of servers are. */
final class Programs {
  private Programs() {}

  /**
   * The program of a name: in a directory of its own package, otherwise on the {@code PATH}.
   *
   * @throws IllegalStateException if it is in none; the message names the Debian package
   */
  static Path find(String program, String debianPackage, List<Path> directories) {
    List<Path> all = new ArrayList<>(directories);
    String path = System.getenv("PATH");
    if (path != null) {
      Stream.of(path.split(File.pathSeparator))
          .filter(p -> !p.isEmpty())
          .map(Path::of)
          .forEach(all::add);
    }
    return all.stream()
        .map(directory -> directory.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    program
                        + " is not installed; install the Debian package "
                        + debianPackage
                        + " (bin/servers does), or put it on the PATH; looked in "
                        + all));
  }

  /** The directories {@code parent/VERSION/child} that are there, the highest version first. */
  static List<Path> versions(Path parent, String child) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("[0-9]{1,4}"))
          .sorted(
              Comparator.comparing((Path entry) -> Integer.valueOf(entry.getFileName().toString()))
                  .reversed())
          .map(entry -> entry.resolve(child))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
