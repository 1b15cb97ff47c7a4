package dev.pitstop.nats;

import dev.pitstop.broker.Threads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tells senders what became of their messages, on a thread of its own: what they do then must hold
 * up nobody who reads from NATS. Thread-safe.
 */
final class Telling implements Executor, AutoCloseable {
  private final ExecutorService thread;

  Telling(String name) {
    thread = Executors.newSingleThreadExecutor(Threads.named(name));
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      task.run(); // it is closed; what comes now comes from who closed it
    }
  }

  /** Tells what is still to be told, and ends. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
