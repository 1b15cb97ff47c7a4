package dev.pitstop.rocksdb;

import dev.pitstop.testing.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/** Looks at directories of the store from outside. */
final class Contents {
  private Contents() {}

  /** How many records a table has, of a store that is closed. */
  static int count(Path directory, Table table) throws RocksDBException {
    try (Session session = Session.open(directory, TestClock.create());
        Walk walk = session.tables().walk(table, new byte[0], new byte[] {-1, -1, -1, -1})) {
      int count = 0;
      for (; walk.valid(); walk.next()) {
        count++;
      }
      return count;
    }
  }

  /**
   * Copies all files of a directory but the lock, as they are at one moment: once more when RocksDB
   * was tidying up meanwhile.
   */
  static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to);
      while (!copiedWhole(from, to)) {
        for (Path name : files(to).keySet()) {
          Files.delete(to.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean copiedWhole(Path from, Path to) throws IOException {
    try {
      Map<Path, Long> before = files(from);
      for (Path name : before.keySet()) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
      return files(to).equals(before) && files(from).equals(before);
    } catch (NoSuchFileException e) {
      return false; // RocksDB has just deleted it
    }
  }

  /** The names of files and how long they are. */
  private static Map<Path, Long> files(Path directory) throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(file -> !file.endsWith("LOCK")).toList()) {
        sizes.put(file.getFileName(), Files.size(file));
      }
    }
    return sizes;
  }
}
