package dev.pitstop.spi;

import dev.pitstop.StoreUnavailableException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store does aside of all calls, one thing after the other on a thread of its own. A chore
 * that fails is logged and ends none of the others. Thread-safe.
 */
public final class Chores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);

  private final ScheduledExecutorService thread;

  /** None yet; their thread has this name and keeps no process alive. */
  public Chores(String name) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread chores = new Thread(work, name);
              chores.setDaemon(true);
              return chores;
            });
  }

  /**
   * Does something again and again until closed, so many seconds after it was done last.
   *
   * @param what it is, for the log
   */
  public void every(long seconds, String what, Runnable chore) {
    thread.scheduleWithFixedDelay(guarded(what, chore), seconds, seconds, TimeUnit.SECONDS);
  }

  /**
   * Does something once, soon; nothing when closed.
   *
   * @param what it is, for the log
   */
  public void once(String what, Runnable chore) {
    try {
      thread.execute(guarded(what, chore));
    } catch (RejectedExecutionException e) {
      LOG.trace("{} is not begun, the store is closed", what, e);
    }
  }

  private static Runnable guarded(String what, Runnable chore) {
    return () -> {
      try {
        chore.run();
      } catch (StoreUnavailableException e) {
        LOG.debug("{} failed", what, e); // listeners say it for all
      } catch (RuntimeException e) {
        LOG.warn("{} failed", what, e);
      }
    };
  }

  /** Interrupts what is being done and ends the thread, without waiting for it. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
