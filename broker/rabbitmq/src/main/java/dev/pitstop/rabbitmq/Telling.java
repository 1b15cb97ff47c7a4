package dev.pitstop.rabbitmq;

import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Threads;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tells senders what became of their messages, on a thread of its own: what they do then must hold
 * up nobody who reads from RabbitMQ. Thread-safe.
 */
final class Telling implements AutoCloseable {
  private final ExecutorService thread;

  Telling(String name) {
    thread = Executors.newSingleThreadExecutor(Threads.named(name));
  }

  void confirmed(List<Publish> publishes) {
    run(() -> publishes.forEach(publish -> publish.confirmed.complete(null)));
  }

  void failed(Collection<Publish> publishes, SendException failure) {
    run(() -> publishes.forEach(publish -> publish.confirmed.completeExceptionally(failure)));
  }

  private void run(Runnable task) {
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
