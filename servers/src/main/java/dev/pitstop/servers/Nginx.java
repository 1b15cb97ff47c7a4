package dev.pitstop.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A private nginx, on a port of 127.0.0.1 and a directory that nobody else uses. It ends with the
 * JVM at the latest. Thread-safe.
 */
public final class Nginx implements AutoCloseable {
  private final ServerProcess process;

  private Nginx(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param site for its port, what stands within {@code http} of its configuration; has it listen
   *     on that port of 127.0.0.1
   * @throws IllegalStateException if it is not installed, or takes no connections within 60 s; the
   *     message has the end of its log
   */
  public static Nginx start(IntFunction<String> site) {
    return new Nginx(ServerProcess.start(new Kind(site)));
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public int port() {
    return process.port();
  }

  /** Ends it and deletes its directory. */
  @Override
  public void close() {
    process.close();
  }

  private record Kind(IntFunction<String> site) implements ServerKind {
    private static String program() {
      return Programs.find("nginx", "nginx", List.of(Path.of("/usr/sbin"))).toString();
    }

    @Override
    public String name() {
      return "nginx";
    }

    @Override
    public Account account() {
      program(); // the user comes with the system, the program may not
      return Account.of("www-data");
    }

    @Override
    public void prepare(Path directory) {
      // it makes its directories itself
    }

    @Override
    public List<String> command(Path directory, int port) throws IOException {
      Path settings = directory.resolve("nginx.conf");
      Stream<String> directories =
          Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
              .map(name -> name + "_temp_path " + directory.resolve(name) + ";");
      Files.writeString(
          settings,
          String.join(
              "\n",
              "daemon off;",
              "worker_processes 1;",
              "error_log stderr warn;",
              "pid " + directory.resolve("pid") + ";",
              "events { worker_connections 1024; }",
              "http {",
              "access_log off;",
              String.join("\n", directories.toList()),
              site.apply(port),
              "}",
              ""));
      return List.of(
          program(), "-e", "stderr", "-p", directory.toString(), "-c", settings.toString());
    }

    @Override
    public boolean answers(Path directory, int port) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false; // not yet
      }
    }

    /** Its processes end with the first, which a kill would not let tell them. */
    @Override
    public String closeSignal() {
      return "TERM";
    }
  }
}
