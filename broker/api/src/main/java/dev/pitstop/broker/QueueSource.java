package dev.pitstop.broker;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What falls due in a queue, in due order. A message that is nacked is retried as the queue's retry
 * policy says, or later as its receiver asks, and buried where trying again is of no use.
 * Thread-safe.
 */
public final class QueueSource implements Source {
  private final MessageQueue<byte[]> queue;
  private final ListenerOptions options;
  private final InHands inHands = new InHands();
  private final Set<Emitted> emitted = ConcurrentHashMap.newKeySet();
  private final Subscription subscription = new Subscription();

  /**
   * A source that does not hand out yet.
   *
   * @param options of these the lease time, the poll interval and the retry policy hold; the lease
   *     time must be longer than passing a message on may take
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
    subscription.receiver = receiver;
    // a handler would be called by many threads, and so in no order
    queue.deliveries(options.concurrency(inFlight)).subscribe(subscription);
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    CompletableFuture<Void> drained = inHands.stop(drain);
    subscription.cancel();
    return drained;
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
    emitted.forEach(Emitted::release);
  }

  /** The stream of what falls due. */
  private final class Subscription implements Flow.Subscriber<Delivery<byte[]>> {
    private volatile @Nullable Consumer<Received> receiver;
    private Flow.@Nullable Subscription upstream;

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      synchronized (this) {
        upstream = begun;
      }
      if (inHands.isStopped()) {
        begun.cancel();
      } else {
        begun.request(Long.MAX_VALUE);
      }
    }

    synchronized void cancel() {
      if (upstream != null) {
        upstream.cancel();
      }
    }

    @Override
    public void onNext(Delivery<byte[]> delivery) {
      if (!inHands.take()) {
        delivery.release();
        return;
      }
      Emitted one = new Emitted(delivery);
      emitted.add(one);
      Objects.requireNonNull(receiver, "receiver").accept(one);
    }

    @Override
    public void onError(Throwable failure) {
      // comes only to who requests less than one
      throw new IllegalStateException("the stream of " + queue.name() + " failed", failure);
    }

    @Override
    public void onComplete() {
      // its Pitstop was closed; what is in hands is settled or comes again
    }
  }

  /** An emission in hands. */
  private final class Emitted implements Received {
    private final Delivery<byte[]> delivery;

    Emitted(Delivery<byte[]> delivery) {
      this.delivery = delivery;
    }

    @Override
    public Message<byte[]> message() {
      return Emission.of(delivery);
    }

    @Override
    public CompletableFuture<Void> ack() {
      return settled(delivery.ack());
    }

    @Override
    public CompletableFuture<Void> nack(SendException failure) {
      return settled(
          failure.isLasting()
              ? delivery.bury(failure.reason())
              : failure
                  .retryAfter()
                  .map(wait -> delivery.nack(failure.reason(), atLeastFirstDelay(wait)))
                  .orElseGet(() -> delivery.nack(failure.reason())));
    }

    private void release() {
      settled(delivery.release());
    }

    /** A receiver that asks for no wait at all is not run into in a loop. */
    private Duration atLeastFirstDelay(Duration wait) {
      Duration least = options.retry().firstDelay();
      return wait.compareTo(least) > 0 ? wait : least;
    }

    private CompletableFuture<Void> settled(CompletableFuture<Boolean> settling) {
      return settling
          .whenComplete((held, failure) -> over())
          .thenAccept(
              held -> {
                if (!held) {
                  throw new PitstopException("the lease of " + delivery.id() + " was lost");
                }
              });
    }

    private void over() {
      if (emitted.remove(this)) {
        inHands.done();
      }
    }
  }
}
