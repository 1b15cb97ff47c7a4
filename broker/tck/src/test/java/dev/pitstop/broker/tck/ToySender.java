package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Sender;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Sends to a {@link ToyBroker}. Thread-safe. */
final class ToySender implements Sender {
  private static final long LIMIT_MILLIS = 1_000;

  private final ToyBroker broker;
  private final Queue<CompletableFuture<Void>> slow = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  ToySender(ToyBroker broker) {
    this.broker = broker;
  }

  @Override
  public CompletableFuture<Void> send(String destination, Message<byte[]> message) {
    if (closed) {
      return CompletableFuture.failedFuture(SendException.passing("closed"));
    }
    CompletableFuture<Void> confirmed = broker.send(destination, message);
    if (!broker.has(Fault.NEVER_TELLS_WHAT_IS_LOST) && !confirmed.isDone()) {
      slow.add(confirmed);
      CompletableFuture.delayedExecutor(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
          .execute(() -> fail(confirmed, "not confirmed in time"));
    }
    return confirmed;
  }

  private void fail(CompletableFuture<Void> confirmed, String reason) {
    confirmed.completeExceptionally(SendException.passing(reason));
  }

  @Override
  public void close() {
    closed = true;
    slow.forEach(one -> fail(one, "closed"));
  }
}
