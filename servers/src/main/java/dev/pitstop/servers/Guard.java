package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small process that outlives this JVM when that is killed or crashes, and then does what {@link
 * ServerProcess#close} could not: it kills the server and deletes its directory. It knows that the
 * JVM is gone by the end of its input. Not thread-safe.
 */
final class Guard implements AutoCloseable {
  /*
   * Signals from a terminal go to all processes there; the JVM decides what they mean. PostgreSQL's
   * processes end by themselves when the first of them is gone, so a second try may be needed to
   * delete what they still write.
   */
  private static final String SCRIPT =
      "trap '' INT TERM HUP; cat; test ! -f \"$0/running\" || kill -KILL \"$(cat \"$0/running\")\";"
          + " rm -rf \"$0\" || { sleep 1; rm -rf \"$0\"; }";

  private final Path running;
  private final Process process;

  private Guard(Path running, Process process) {
    this.running = running;
    this.process = process;
  }

  static Guard over(Path directory) throws IOException {
    Process process =
        Command.prepare(List.of("sh", "-c", SCRIPT, directory.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Guard(directory.resolve("running"), process);
  }

  /** Tells which process is the server from now on. */
  void started(Process server) throws IOException {
    Files.writeString(running, Long.toString(server.pid()));
  }

  /** Tells that it has ended: its number may become that of another process. */
  void ended() throws IOException {
    Files.deleteIfExists(running);
  }

  /** Ends it, together with what is left of its directory. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
