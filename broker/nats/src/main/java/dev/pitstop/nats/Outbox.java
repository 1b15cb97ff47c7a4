package dev.pitstop.nats;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What waits to be sent, in order. Thread-safe. */
final class Outbox {
  /* Guarded by this. */
  private final Deque<Publish> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Adds one; whether it will be looked at: not once this is closed. */
  synchronized boolean add(Publish publish) {
    if (!closed) {
      waiting.add(publish);
      notifyAll();
    }
    return !closed;
  }

  /** Lets who waits in {@link #next} look again. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Waits for the next and takes it.
   *
   * @return empty when this is closed, or {@code over} says so
   */
  synchronized Optional<Publish> next(BooleanSupplier over) throws InterruptedException {
    while (!closed && !over.getAsBoolean() && waiting.isEmpty()) {
      wait();
    }
    return closed || over.getAsBoolean() ? Optional.empty() : Optional.of(waiting.remove());
  }

  /** Forgets those at the head that are answered, as when their time is over. */
  synchronized void forgetAnswered() {
    while (!waiting.isEmpty() && waiting.element().answer.isDone()) {
      waiting.remove();
    }
  }

  /** Takes nothing more, and forgets what is left. */
  synchronized void close() {
    closed = true;
    waiting.clear();
    notifyAll();
  }
}
