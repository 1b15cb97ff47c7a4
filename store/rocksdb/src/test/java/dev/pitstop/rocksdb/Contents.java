package dev.pitstop.rocksdb;

import dev.pitstop.testing.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** Copies all files of a directory but the lock. */
  static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      List<Path> plain = files.filter(file -> !file.endsWith("LOCK")).toList();
      for (Path file : plain) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
