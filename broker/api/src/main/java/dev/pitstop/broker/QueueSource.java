package dev.pitstop.broker;

import dev.pitstop.Delivery;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What falls due in a queue. A message that is nacked is retried as the queue's retry policy says,
 * or as its receiver asks, and buried where trying again is of no use. Thread-safe.
 */
public final class QueueSource implements Source {
  private final MessageQueue<byte[]> queue;
  private final ListenerOptions options;
  private volatile @Nullable Listener listener;

  /**
   * A source that does not hand out yet.
   *
   * @param options of these the lease time and the retry policy hold; the lease time must be longer
   *     than passing a message on may take
   */
  public QueueSource(MessageQueue<byte[]> queue, ListenerOptions options) {
    this.queue = queue;
    this.options = options;
  }

  @Override
  public String name() {
    return "queue " + queue.name();
  }

  @Override
  public void start(int inFlight, Consumer<Received> receiver) {
    ListenerOptions bounded = options.manualAck().concurrency(inFlight);
    listener = queue.listen(bounded, delivery -> receiver.accept(new Emitted(delivery)));
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    Listener running = listener;
    return running == null ? CompletableFuture.completedFuture(null) : running.stop(drain);
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /** An emission. */
  private record Emitted(Delivery<byte[]> delivery) implements Received {
    @Override
    public Message<byte[]> message() {
      return Emission.of(delivery);
    }

    @Override
    public CompletableFuture<Void> ack() {
      return held(delivery.ack());
    }

    @Override
    public CompletableFuture<Void> nack(SendException failure) {
      return held(
          failure.isLasting()
              ? delivery.bury(failure.reason())
              : failure
                  .retryAfter()
                  .map(wait -> delivery.nack(failure.reason(), wait))
                  .orElseGet(() -> delivery.nack(failure.reason())));
    }

    private CompletableFuture<Void> held(CompletableFuture<Boolean> settled) {
      return settled.thenAccept(
          held -> {
            if (!held) {
              throw new PitstopException("the lease of " + delivery.id() + " was lost");
            }
          });
    }
  }
}
