package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: a process with a private directory and a port of 127.0.0.1 that it keeps. What still
 * runs when the JVM ends, however it ends, is killed and its directory deleted. Thread-safe: one
 * call at a time.
 */
final class ServerProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final Duration START = Duration.ofSeconds(60);

  /** PostgreSQL waits 60 s for a standby that does not answer before it ends. */
  private static final Duration END = Duration.ofSeconds(90);

  private static final int PORTS_TRIED = 20;
  private static final int LOG_SHOWN = 4000;
  private static final Set<ServerProcess> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(ServerProcess::closeAll, "pitstop-servers-end"));
  }

  private final ServerKind kind;
  private final Path directory;
  private final Path log;
  private final Guard guard;
  private int port;
  private @Nullable Process process;
  private long logBegin;
  private boolean paused;
  private boolean killed;

  private ServerProcess(ServerKind kind, Path directory, Guard guard) {
    this.kind = kind;
    this.guard = guard;
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
    return start(kind, Ports::free);
  }

  /** Starts one on the first of some ports that nobody else takes meanwhile. */
  static ServerProcess start(ServerKind kind, IntSupplier ports) {
    try {
      Path directory = PrivateDirectory.create(kind.account());
      ServerProcess server =
          new ServerProcess(kind, directory, Guard.over(directory, kind.closeSignal()));
      OPEN.add(server);
      try {
        kind.prepare(server.directory);
        server.startOnOneOf(ports);
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(kind.name() + " cannot be started", e);
    }
  }

  private static void closeAll() {
    for (ServerProcess server : OPEN) {
      try {
        server.close();
      } catch (RuntimeException e) {
        LOG.warn("{} on port {} is left to its guard", server.kind.name(), server.port, e);
      }
    }
  }

  synchronized int port() {
    return port;
  }

  /** Where its data and its log are; gone when it is closed. */
  Path directory() {
    return directory;
  }

  /** Ends it cleanly; nothing if it does not run. */
  synchronized void stop() {
    end(kind.stopSignal());
  }

  private void end(String signal) {
    resume();
    Process running = running();
    if (running != null) {
      Family all = Family.of(running);
      new Family(List.of(running.toHandle())).signal(signal);
      awaitEnd(all);
    }
  }

  /** Kills it and all its processes as {@code kill -9} does; nothing if it does not run. */
  synchronized void kill() {
    Process running = running();
    if (running != null) {
      // made to stand still first, so that it starts no more processes while they are listed
      Family all = Family.halted(running);
      all.signal("KILL");
      killed = true;
      awaitEnd(all);
    }
    paused = false;
  }

  /** Starts it again on its port and data; one that runs is stopped before. */
  synchronized void restart() {
    stop();
    launch();
  }

  /** Lets all its processes stand still until {@link #resume}, as a server that hangs. */
  synchronized void pause() {
    Process running = running();
    if (running == null) {
      throw new IllegalStateException(kind.name() + " does not run, so it cannot be paused");
    }
    Family.halted(running);
    paused = true;
  }

  /** Lets it go on; nothing if it is not paused. */
  synchronized void resume() {
    Process running = running();
    if (running != null && paused) {
      Family.of(running).signal("CONT");
    }
    paused = false;
  }

  /**
   * Waits until something is true of the running server.
   *
   * @param what it is, as {@code "answer"}
   * @throws IllegalStateException if it is not within 60 s, or the server ends before
   */
  synchronized void await(String what, BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (endsWithin(20)) {
        throw failure("ended before it could " + what);
      }
      if (System.nanoTime() - begin > START.toNanos()) {
        throw failure("did not " + what + " within " + START.toSeconds() + " s");
      }
    }
    // it may be another that is there, on a port that this one could not have
    if (endsWithin(0)) {
      throw failure("ended before it could " + what);
    }
  }

  /** Ends it and deletes its directory. */
  @Override
  public synchronized void close() {
    if (OPEN.remove(this)) {
      end(kind.closeSignal());
      try {
        if (killed) {
          kind.freeAfterKill(directory);
        }
        PrivateDirectory.delete(directory);
        guard.close();
      } catch (IOException e) {
        throw new UncheckedIOException(kind.name() + " left something of " + directory, e);
      }
    }
  }

  private synchronized void startOnOneOf(IntSupplier ports) {
    for (int tried = 1; ; tried++) {
      port = ports.getAsInt();
      try {
        launch();
        return;
      } catch (IllegalStateException e) {
        if (tried == PORTS_TRIED || !logged().contains("ddress already in use")) {
          throw e;
        }
        LOG.debug("port {} was taken before {} had it", port, kind.name());
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
          Command.prepare(command)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      killed = false;
      guard.started(started);
      started.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(kind.name() + " cannot be started", e);
    }
    try {
      await("answer", () -> kind.answers(directory, port));
    } catch (RuntimeException e) {
      kill();
      throw e;
    }
    LOG.debug("{} answers on port {} from {}", kind.name(), port, directory);
  }

  private @Nullable Process running() {
    Process current = process;
    return current != null && current.isAlive() ? current : null;
  }

  private boolean endsWithin(long millis) {
    Process current = process;
    try {
      return current == null || current.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + kind.name(), e);
    }
  }

  private void awaitEnd(Family family) {
    // the JVM learns of the end of its own child a moment later
    if (!family.ends(END) || !endsWithin(END.toMillis())) {
      throw failure("did not end within " + END.toSeconds() + " s");
    }
    try {
      guard.ended();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException(
        kind.name() + " " + what + " on port " + port + "; its log ends with:\n" + logged());
  }

  /** The end of what it has logged since it was started last. */
  private String logged() {
    try {
      byte[] bytes = Files.readAllBytes(log);
      long begin = Math.max(logBegin, bytes.length - LOG_SHOWN);
      return new String(
          Arrays.copyOfRange(bytes, (int) Math.min(begin, bytes.length), bytes.length),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }
}
