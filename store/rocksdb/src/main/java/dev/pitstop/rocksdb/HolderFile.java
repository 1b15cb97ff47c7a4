package dev.pitstop.rocksdb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who has a directory open, for the error that another opener gets. RocksDB's own lock decides
 * who may; this is a note beside it.
 */
final class HolderFile {
  private static final Logger LOG = LoggerFactory.getLogger(HolderFile.class);
  private static final String NAME = "holder";

  private HolderFile() {}

  /** Notes this process. */
  static void write(Path directory, Instant now) {
    String text = "process " + ProcessHandle.current().pid() + " on " + host() + " since " + now;
    try {
      Files.writeString(directory.resolve(NAME), text);
    } catch (IOException e) {
      LOG.warn("cannot note in {} who has it open", directory, e);
    }
  }

  /** What the holder noted. */
  static String read(Path directory) {
    try {
      return Files.readString(directory.resolve(NAME)).strip();
    } catch (IOException e) {
      LOG.debug("{} says nothing of who has it open", directory, e);
      return "another process, which left no note";
    }
  }

  static void delete(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
    } catch (IOException e) {
      LOG.warn("cannot take the note of who has it open out of {}", directory, e);
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("this host has no name", e);
      return "this host";
    }
  }
}
