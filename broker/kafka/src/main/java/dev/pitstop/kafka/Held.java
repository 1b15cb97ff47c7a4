package dev.pitstop.kafka;

import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A record in hands, for as long as it is once. Thread-safe. */
final class Held implements Received {
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Share share;
  private final long offset;
  private final Message<byte[]> message;
  private final AtomicReference<@Nullable CompletableFuture<Void>> told = new AtomicReference<>();

  Held(Share share, long offset, Message<byte[]> message) {
    this.share = share;
    this.offset = offset;
    this.message = message;
  }

  long offset() {
    return offset;
  }

  /** The same record, to be handed out once more. */
  Held again() {
    return new Held(share, offset, message);
  }

  @Override
  public Message<byte[]> message() {
    return message;
  }

  @Override
  public CompletableFuture<Void> ack() {
    return settle(() -> share.ack(this));
  }

  @Override
  public CompletableFuture<Void> nack(SendException failure) {
    Duration asked = failure.retryAfter().orElse(LEAST_WAIT);
    Duration least = asked.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : asked;
    Duration wait = least.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : least;
    return settle(() -> share.nack(this, wait));
  }

  private CompletableFuture<Void> settle(BooleanSupplier telling) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    if (told.compareAndSet(null, mine)) {
      if (telling.getAsBoolean()) {
        mine.complete(null);
      } else {
        mine.completeExceptionally(
            new PitstopException("its partition is no longer this source's; it comes again"));
      }
    }
    CompletableFuture<Void> first = told.get();
    return first == null ? mine : first.copy();
  }
}
