package dev.pitstop.rabbitmq;

import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A delivery of RabbitMQ's in hands. Thread-safe. */
final class Held implements Received {
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final long tag;
  private final Message<byte[]> message;
  private final Consuming consuming;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final CompletableFuture<Void> told = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile boolean nacked;

  Held(long tag, Message<byte[]> message, Consuming consuming) {
    this.tag = tag;
    this.message = message;
    this.consuming = consuming;
  }

  long tag() {
    return tag;
  }

  boolean isNacked() {
    return nacked;
  }

  @Override
  public Message<byte[]> message() {
    return message;
  }

  @Override
  public CompletableFuture<Void> ack() {
    if (settled.compareAndSet(false, true)) {
      consuming.ack(this);
    }
    return told.copy();
  }

  @Override
  public CompletableFuture<Void> nack(SendException failure) {
    if (settled.compareAndSet(false, true)) {
      nacked = true;
      Duration wait = failure.retryAfter().orElse(LEAST_WAIT);
      wait = wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait;
      consuming.nack(this, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }
    return told.copy();
  }

  /** RabbitMQ was told. */
  void told() {
    if (over.compareAndSet(false, true)) {
      told.complete(null);
      consuming.over();
    }
  }

  /** RabbitMQ can no longer be told. */
  void lose() {
    if (over.compareAndSet(false, true)) {
      told.completeExceptionally(
          new PitstopException("the connection it came by was lost; it comes again"));
      consuming.over();
    }
  }
}
