package dev.pitstop.server.webhook;

import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.webhook.Post;
import dev.pitstop.webhook.Reply;
import dev.pitstop.webhook.Sender;
import dev.pitstop.webhook.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emits messages by HTTP, each queue to a target of its own. Each has a listener of its own and a
 * number of posts at once, so that a target that does not answer holds up no other. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private final Pitstop pitstop;
  private final Meters meters;
  private final InstantSource clock;
  private final Function<String, ListenerOptions> options;
  private final Sender sender;
  private final List<Webhook> running = new CopyOnWriteArrayList<>();

  /**
   * None yet.
   *
   * @param clock the store's time
   * @param options how messages of a queue are leased and retried
   */
  public Webhooks(
      Pitstop pitstop,
      Meters meters,
      InstantSource clock,
      Function<String, ListenerOptions> options) {
    this(pitstop, meters, clock, options, new Sender());
  }

  Webhooks(
      Pitstop pitstop,
      Meters meters,
      InstantSource clock,
      Function<String, ListenerOptions> options,
      Sender sender) {
    this.pitstop = pitstop;
    this.meters = meters;
    this.clock = clock;
    this.options = options;
    this.sender = sender;
  }

  /** Begins to emit the messages of a queue to a target; once for a queue. */
  public void start(String queue, Target target) {
    running.add(
        new Webhook(pitstop.queue(queue), options.apply(queue), target, sender, meters, clock));
    if (target.secrets().isEmpty()) {
      LOG.warn("{}: posts to {} are not signed, as there is no secret", queue, target);
    }
  }

  /** What operators see of targets, and how they try one. */
  public List<Route> routes(Node node) {
    return new TargetRoutes(node, this).routes();
  }

  Optional<Webhook> of(String queue) {
    return running.stream().filter(webhook -> webhook.queue().equals(queue)).findFirst();
  }

  CompletableFuture<Reply> send(Target target, Post post) {
    return sender.send(target, post);
  }

  /**
   * Posts nothing new.
   *
   * @param drain how long posts under way may take
   * @return completes when they have come to their end or the time is over
   */
  public CompletableFuture<Void> stop(Duration drain) {
    return CompletableFuture.allOf(
        running.stream().map(webhook -> webhook.stop(drain)).toArray(CompletableFuture[]::new));
  }

  /** Ends what is under way and gives it back; it is emitted again by whoever emits next. */
  @Override
  public void close() {
    sender.close();
    try {
      CompletableFuture.allOf(
              running.stream().map(Webhook::settled).toArray(CompletableFuture[]::new))
          .orTimeout(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      LOG.warn(
          "what was under way to targets comes again when its leases run out: {}", e.toString());
    }
  }
}
