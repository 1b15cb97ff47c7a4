package dev.pitstop.rabbitmq;

import dev.pitstop.broker.SendException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What waits to be sent, in order. Thread-safe. */
final class Outbox {
  private final Telling telling;

  /* Guarded by this. */
  private final Deque<Publish> waiting = new ArrayDeque<>();
  private boolean blocked;
  private boolean closed;

  Outbox(Telling telling) {
    this.telling = telling;
  }

  /** Adds one; whether it will be looked at: not once this is closed. */
  synchronized boolean add(Publish publish) {
    if (closed) {
      return false;
    }
    waiting.add(publish);
    notifyAll();
    return true;
  }

  /** RabbitMQ takes nothing for now, or does again. */
  synchronized void block(boolean block) {
    blocked = block;
    notifyAll();
  }

  synchronized boolean isBlocked() {
    return blocked;
  }

  /** Lets who waits in {@link #next} look again. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Waits for the next that may be sent; it stays the first until it is {@linkplain #take taken}.
   *
   * @return empty when this is closed, or {@code over} says so
   */
  synchronized Optional<Publish> next(BooleanSupplier over) throws InterruptedException {
    while (!closed && !over.getAsBoolean() && (blocked || waiting.isEmpty())) {
      wait();
    }
    return closed || over.getAsBoolean() ? Optional.empty() : Optional.of(waiting.element());
  }

  /** Takes the first, if it is this one: its time may be over. */
  synchronized boolean take(Publish publish) {
    if (waiting.peek() != publish) {
      return false;
    }
    waiting.remove();
    return true;
  }

  /** Fails what should have been confirmed by now. */
  void failLate(String reason) {
    List<Publish> late = new ArrayList<>();
    synchronized (this) {
      while (!waiting.isEmpty() && waiting.element().isLate()) {
        late.add(waiting.remove());
      }
    }
    telling.failed(late, SendException.passing(reason));
  }

  /** Fails all, and takes nothing more. */
  void close(SendException reason) {
    List<Publish> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(waiting);
      waiting.clear();
      notifyAll();
    }
    telling.failed(all, reason);
  }
}
