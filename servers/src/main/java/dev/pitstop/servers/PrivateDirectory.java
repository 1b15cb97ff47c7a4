package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Directories of servers, which nobody but their account and root can read. */
final class PrivateDirectory {
  private PrivateDirectory() {}

  /*
   * In /var/tmp where that is: /tmp is often memory, on which figures mean nothing. The path is
   * short, since that of a socket may have 107 bytes.
   */
  static Path create(Account owner) throws IOException {
    Path parent = Path.of("/var/tmp");
    if (!Files.isWritable(parent)) {
      parent = Path.of(System.getProperty("java.io.tmpdir"));
    }
    Path directory = Files.createTempDirectory(parent, "pitstop-server-");
    owner.own(directory);
    return directory;
  }

  /** Deletes one with all that is in it; what is gone already is no failure. */
  static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
