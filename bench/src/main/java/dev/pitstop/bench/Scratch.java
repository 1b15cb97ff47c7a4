package dev.pitstop.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories for data, in {@code bench.dir}; removed in the end. Used by one thread. */
final class Scratch implements AutoCloseable {
  private final Path root;

  Scratch() throws IOException {
    root = Files.createTempDirectory(Path.of(System.getProperty("bench.dir")), "bench");
  }

  /** A new one. */
  Path directory(String name) throws IOException {
    return Files.createTempDirectory(root, name);
  }

  /** Removes one before the end, for the room that it takes. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    delete(root);
  }
}
