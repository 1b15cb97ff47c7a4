package dev.pitstop.nats;

import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A message of a stream in hands. Thread-safe. */
final class Held implements Received {
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final io.nats.client.Message delivered;
  private final Message<byte[]> message;
  private final Taking taking;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final CompletableFuture<Void> told = new CompletableFuture<>();
  private volatile @Nullable Duration wait;

  Held(io.nats.client.Message delivered, Taking taking) {
    this.delivered = delivered;
    this.message = FromNats.message(delivered);
    this.taking = taking;
  }

  @Override
  public Message<byte[]> message() {
    return message;
  }

  @Override
  public CompletableFuture<Void> ack() {
    if (settled.compareAndSet(false, true)) {
      taking.settle(this);
    }
    return told.copy();
  }

  @Override
  public CompletableFuture<Void> nack(SendException failure) {
    if (settled.compareAndSet(false, true)) {
      Duration asked = failure.retryAfter().orElse(LEAST_WAIT);
      asked = asked.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : asked;
      wait = asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
      taking.settle(this);
    }
    return told.copy();
  }

  /** Says to NATS what was decided. */
  void say() {
    Duration before = wait;
    if (before == null) {
      delivered.ack();
    } else {
      delivered.nakWithDelay(before);
    }
  }

  /** Says that it is still worked on, so that nobody else gets it. */
  void extend() {
    if (!over.get()) {
      delivered.inProgress();
    }
  }

  /** Where NATS is told of it, also over another connection. */
  String replyTo() {
    return delivered.getReplyTo();
  }

  /** Has it handed out again after a time, unless something else was decided. */
  void giveBack(Duration after) {
    if (settled.compareAndSet(false, true)) {
      delivered.nakWithDelay(after);
    }
    lose();
  }

  /** NATS was told. */
  void told() {
    if (over.compareAndSet(false, true)) {
      told.complete(null);
      taking.over(this);
    }
  }

  /** NATS was not told, and no longer is. */
  void lose() {
    if (over.compareAndSet(false, true)) {
      told.completeExceptionally(
          new PitstopException("the connection it came by has ended; it may come again"));
      taking.over(this);
    }
  }
}
