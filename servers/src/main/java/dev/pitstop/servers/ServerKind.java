package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What one kind of server is to {@link ServerProcess}. */
interface ServerKind {
  /** Its name in messages, as {@code PostgreSQL}. */
  String name();

  /** Whom it runs as. */
  Account account();

  /** Makes what a first start needs in its directory, which is empty and owned by its account. */
  void prepare(Path directory) throws IOException;

  /** The command that runs it in the foreground, listening on a port of 127.0.0.1. */
  List<String> command(Path directory, int port) throws IOException;

  /** Whether it answers now; called until it does. */
  boolean answers(Path directory, int port);

  /** The signal that makes it end cleanly and at once. */
  default String stopSignal() {
    return "TERM";
  }

  /** The signal that ends it when its data is wanted no more: the quickest that leaves nothing. */
  default String closeSignal() {
    return "KILL";
  }

  /** Frees what it holds outside of its directory after it was killed; its data may be lost. */
  default void freeAfterKill(Path directory) throws IOException {
    // most hold nothing outside
  }
}
