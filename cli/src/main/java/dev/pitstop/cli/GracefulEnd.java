package dev.pitstop.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the process end gracefully when it is told to (SIGTERM, SIGINT), with the exit code of the
 * work it did. Thread-safe.
 */
final class GracefulEnd {
  /*
   * By itself the JVM exits with 128 + signal once its hooks have run. The hook here waits for the
   * work to end and halts with the work's own exit code.
   */
  private final CountDownLatch reached = new CountDownLatch(1);
  private final Runnable stop;
  private final Duration longest;
  private final Thread hook = new Thread(this::end, "pitstop-end");
  private volatile ExitCode exit = ExitCode.REFUSED;

  /**
   * Listens for the end from now on.
   *
   * @param stop asks the work to end; returns at once
   * @param longest how long the work may take for that
   */
  GracefulEnd(Runnable stop, Duration longest) {
    this.stop = stop;
    this.longest = longest;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The work has ended. */
  void reached(ExitCode exit) {
    this.exit = exit;
    reached.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      awaitHalt();
    }
  }

  private void end() {
    stop.run();
    try {
      if (!reached.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("pitstop: not everything ended within " + longest.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.err.flush();
    Runtime.getRuntime().halt(exit.number());
  }

  /** The hook is running and ends the process. */
  private void awaitHalt() {
    try {
      hook.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
