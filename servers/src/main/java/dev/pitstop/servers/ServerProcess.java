package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: a process with a private directory and a port of 127.0.0.1 that it keeps. What still
 * runs when the JVM ends is killed and its directory deleted. Thread-safe: one call at a time.
 */
final class ServerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final long START_SECONDS = 60;
  private static final long END_SECONDS = 60;
  private static final int PORTS_TRIED = 20;
  private static final int LOG_TAIL = 4000;
  private static final Set<ServerProcess> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> List.copyOf(OPEN).forEach(ServerProcess::close), "pitstop-servers-end"));
  }

  private final ServerKind kind;
  private final Path directory;
  private final Path log;
  private int port;
  private @Nullable Process process;
  private long logBegin;
  private boolean paused;

  private ServerProcess(ServerKind kind, Path directory) {
    this.kind = kind;
    this.directory = directory;
    log = directory.resolve("server.log");
  }

  /**
   * Starts one in a fresh directory, on a free port.
   *
   * @throws IllegalStateException if it does not answer within 60 s or ends before; the message has
   *     the end of its log
   */
  static ServerProcess start(ServerKind kind) {
    try {
      ServerProcess server = new ServerProcess(kind, createDirectory(kind));
      OPEN.add(server);
      try {
        kind.prepare(server.directory);
        server.startOnFreePort();
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  /** Ends it cleanly; nothing if it does not run. */
  synchronized void stop() {
    resume();
    Process running = running();
    if (running == null) {
      return;
    }
    List<ProcessHandle> all = family(running);
    signal(kind.stopSignal(), List.of(running.toHandle()));
    awaitEnd(all);
  }

  /** Kills it and all its processes as {@code kill -9} does; nothing if it does not run. */
  synchronized void kill() {
    Process running = running();
    if (running == null) {
      return;
    }
    // stopped first, so that it starts no more processes while they are listed
    signal("STOP", List.of(running.toHandle()));
    List<ProcessHandle> all = family(running);
    signal("KILL", all);
    paused = false;
    awaitEnd(all);
  }

  /** Starts it again on its port and data; one that runs is stopped before. */
  synchronized void restart() {
    stop();
    launch();
    awaitAnswer();
  }

  /** Lets all its processes stand still until {@link #resume}, as a server that hangs. */
  synchronized void pause() {
    Process running = running();
    if (running == null) {
      throw new IllegalStateException(kind.name() + " does not run, so it cannot be paused");
    }
    signal("STOP", List.of(running.toHandle()));
    signal("STOP", family(running));
    paused = true;
  }

  /** Lets it go on; nothing if it is not paused. */
  synchronized void resume() {
    Process running = running();
    if (running != null && paused) {
      signal("CONT", family(running));
    }
    paused = false;
  }

  /** Kills it and deletes its directory. */
  @Override
  public synchronized void close() {
    if (OPEN.remove(this)) {
      kill();
      deleteDirectory();
    }
  }

  private void startOnFreePort() throws IOException {
    for (int attempt = 1; ; attempt++) {
      port = freePort();
      launch();
      try {
        awaitAnswer();
        return;
      } catch (IllegalStateException e) {
        // somebody may have taken the port since it was seen to be free
        if (attempt == PORTS_TRIED || !logTail().contains("ddress already in use")) {
          throw e;
        }
      }
    }
  }

  private void launch() {
    if (!OPEN.contains(this)) {
      throw new IllegalStateException(kind.name() + " is closed");
    }
    try {
      logBegin = Files.exists(log) ? Files.size(log) : 0;
      List<String> command = kind.account().running(kind.command(directory, port));
      Process started =
          Command.prepare(command, directory)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      started.getOutputStream().close();
      process = started;
    } catch (IOException e) {
      throw new UncheckedIOException(kind.name() + " cannot be started", e);
    }
  }

  private void awaitAnswer() {
    Process started = process;
    long begin = System.nanoTime();
    boolean answers = false;
    while (started != null && started.isAlive() && !answers) {
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
        kill();
        throw failure("did not answer within " + START_SECONDS + " s");
      }
      answers = kind.answers(directory, port) && !ends(started, 0);
      if (!answers) {
        ends(started, 20);
      }
    }
    if (!answers) {
      throw failure("ended before it answered");
    }
    LOG.debug("{} answers on port {} from {}", kind.name(), port, directory);
  }

  /** Waits for the end of a process for some milliseconds. */
  private static boolean ends(Process process, long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server started", e);
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException(
        kind.name() + " " + what + " on port " + port + "; its log ends with:\n" + logTail());
  }

  /** The end of what it has logged since it was started last. */
  private String logTail() {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int begin = Math.max((int) Math.min(logBegin, bytes.length), bytes.length - LOG_TAIL);
      return new String(Arrays.copyOfRange(bytes, begin, bytes.length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private @Nullable Process running() {
    Process current = process;
    return current != null && current.isAlive() ? current : null;
  }

  private static List<ProcessHandle> family(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(0, process.toHandle());
    return all;
  }

  private void signal(String signal, List<ProcessHandle> processes) {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "kill -$0 \"$@\" 2>&1 || true", signal));
    processes.forEach(one -> command.add(Long.toString(one.pid())));
    Command.run(command, Map.of(), directory);
  }

  private void awaitEnd(List<ProcessHandle> processes) {
    long begin = System.nanoTime();
    for (ProcessHandle one : processes) {
      while (!gone(one)) {
        if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(END_SECONDS)) {
          throw failure("did not end within " + END_SECONDS + " s");
        }
        one.onExit().completeOnTimeout(one, 20, TimeUnit.MILLISECONDS).join();
      }
    }
  }

  /** Whether it runs no more; one that its parent has not asked about is still listed, as Z. */
  private static boolean gone(ProcessHandle one) {
    if (!one.isAlive()) {
      return true;
    }
    Path stat = Path.of("/proc", Long.toString(one.pid()), "stat");
    try {
      String text = Files.exists(stat) ? Files.readString(stat, StandardCharsets.ISO_8859_1) : "";
      return text.startsWith(") Z", text.lastIndexOf(')'));
    } catch (IOException e) {
      return !one.isAlive(); // it went while it was read
    }
  }

  /*
   * Ports that the system gives to outgoing connections are avoided: such a connection could take the
   * port while the server is down, and a client that tries again and again could reach itself.
   */
  private static int freePort() throws IOException {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (java.net.BindException e) {
        LOG.trace("port {} is taken", port, e);
      }
    }
    throw new IOException("no free port between 12000 and 32000 of 127.0.0.1");
  }

  /*
   * In /var/tmp where that is: /tmp is often memory, on which figures mean nothing. The path is
   * short, since that of a socket may have 107 bytes.
   */
  private static Path createDirectory(ServerKind kind) throws IOException {
    Path parent = Path.of("/var/tmp");
    if (!Files.isWritable(parent)) {
      parent = Path.of(System.getProperty("java.io.tmpdir"));
    }
    Path directory = Files.createTempDirectory(parent, "pitstop-server-");
    kind.account().own(directory);
    return directory;
  }

  private void deleteDirectory() {
    try {
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
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
