package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small process that outlives this JVM when that is killed or crashes, and then does what {@link
 * ServerProcess#close} could not: it ends the server and deletes its directory. It knows that the
 * JVM is gone by the end of its input. Not thread-safe.
 */
final class Guard implements AutoCloseable {
  /*
   * Signals from a terminal go to all processes there; the JVM decides what they mean. The server may
   * be paused, and takes no signal then. It is given 10 s to end.
   */
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat
      if [ -f "$0/running" ]; then
        server=$(cat "$0/running")
        kill -"$1" "$server"
        kill -CONT "$server"
        tries=100
        while [ $tries -gt 0 ] && kill -0 "$server"; do
          sleep 0.1
          tries=$((tries - 1))
        done
        kill -KILL "$server"
      fi
      rm -rf "$0"
      """;

  private final Path running;
  private final Process process;

  private Guard(Path running, Process process) {
    this.running = running;
    this.process = process;
  }

  /** Starts one, with the signal that ends the server. */
  static Guard over(Path directory, String signal) throws IOException {
    Process process =
        Command.prepare(List.of("sh", "-c", SCRIPT, directory.toString(), signal))
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
