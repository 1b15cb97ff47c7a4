package dev.pitstop.server.webhook;

import dev.pitstop.Delivery;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.webhook.Post;
import dev.pitstop.webhook.Reply;
import dev.pitstop.webhook.Sender;
import dev.pitstop.webhook.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Emits the messages of one queue to a target. Thread-safe. */
final class Webhook {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  /** A lease lasts so much longer than the target may take, for the settling. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Target target;
  private final Condition condition = new Condition();
  private final Duration leastWait;
  private final Sender sender;
  private final Meters meters;
  private final InstantSource clock;
  private final ConcurrentMap<Object, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final Listener listener;

  /**
   * Begins to emit.
   *
   * @param clock the store's time
   */
  Webhook(
      MessageQueue<byte[]> queue,
      ListenerOptions options,
      Target target,
      Sender sender,
      Meters meters,
      InstantSource clock) {
    this.target = target;
    this.leastWait = options.retry().firstDelay();
    this.sender = sender;
    this.meters = meters;
    this.clock = clock;
    listener = queue.listen(options.manualAck().concurrency(target.concurrency()), this::handle);
  }

  private void handle(Delivery<byte[]> delivery) {
    CompletableFuture<Void> work =
        lease(delivery)
            .thenCompose(held -> held ? post(delivery) : delivery.release())
            .handle((settled, failure) -> told(delivery, settled, failure));
    Object key = new Object();
    underWay.put(key, work);
    work.whenComplete((done, failure) -> underWay.remove(key));
  }

  /** Nobody else may get the message while the target has time to answer. */
  private CompletableFuture<Boolean> lease(Delivery<byte[]> delivery) {
    Duration needed = target.timeout().plus(MARGIN);
    return delivery.leasedUntil().isBefore(clock.instant().plus(needed))
        ? delivery.extend(needed)
        : CompletableFuture.completedFuture(true);
  }

  private CompletableFuture<Boolean> post(Delivery<byte[]> delivery) {
    return sender
        .send(target, Post.of(delivery))
        .thenCompose(
            reply -> {
              meters.webhook(delivery.queue(), reply.outcome().word(), reply.took());
              if (reply.outcome() != Reply.Outcome.STOPPED) {
                condition.record(reply);
              }
              return settle(delivery, reply);
            });
  }

  private CompletableFuture<Boolean> settle(Delivery<byte[]> delivery, Reply reply) {
    return switch (reply.outcome()) {
      case OK -> delivery.ack();
      case GONE -> delivery.bury(reply.error());
      case STOPPED -> delivery.release();
      default -> {
        Optional<Duration> wait = reply.retryAfter();
        yield wait.isEmpty()
            ? delivery.nack(reply.error())
            : delivery.nack(reply.error(), longer(wait.get(), leastWait));
      }
    };
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static @Nullable Void told(
      Delivery<byte[]> delivery, @Nullable Boolean settled, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn(
          "{}: what came of the post of {} is not written, it comes again: {}",
          delivery.queue(),
          delivery.id(),
          failure.toString());
    } else if (!Boolean.TRUE.equals(settled)) {
      LOG.debug(
          "{}: the lease of {} was lost while it was posted", delivery.queue(), delivery.id());
    }
    return null;
  }

  String queue() {
    return listener.queue();
  }

  Target target() {
    return target;
  }

  Condition condition() {
    return condition;
  }

  /** How many posts have no answer yet or are being settled. */
  int underWay() {
    return underWay.size();
  }

  /** Posts nothing new, and has what is under way come to its end, which its time limit ensures. */
  CompletableFuture<Void> end() {
    return listener.stop(target.timeout().plus(MARGIN));
  }

  /** Posts nothing new, and waits for what is under way for a time at most. */
  CompletableFuture<Void> stop(Duration drain) {
    return listener.stop(drain);
  }

  /** Completes when nothing is under way. */
  CompletableFuture<Void> settled() {
    return CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new));
  }
}
