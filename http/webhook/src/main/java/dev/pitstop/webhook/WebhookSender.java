package dev.pitstop.webhook;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.broker.SendException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Posts messages to the paths of one host. A status of 2xx confirms; 410 refuses for good. Order is
 * not kept, as posts are under way at once. Thread-safe.
 */
final class WebhookSender implements dev.pitstop.broker.Sender {
  private final String base;
  private final Target target;
  private final Sender sender = new Sender(List.of());

  /**
   * Begins to keep connections.
   *
   * @param base what stands before the path
   * @param target what holds for all paths
   */
  WebhookSender(String base, Target target) {
    this.base = base;
    this.target = target;
  }

  @Override
  public CompletableFuture<Void> send(String destination, Message<byte[]> message) {
    Target there;
    try {
      there = target(destination);
    } catch (InvalidFieldException e) {
      return CompletableFuture.failedFuture(
          SendException.lasting(String.valueOf(e.getMessage()), e));
    }
    return sender.send(there, Posts.of(message)).thenCompose(WebhookSender::confirmed);
  }

  private Target target(String destination) {
    for (String name : BrokerAddress.names(destination)) {
      if (name.equals(".") || name.equals("..")) {
        throw new InvalidFieldException(
            "destination", "must have no . and no .. between slashes", destination);
      }
    }
    return new Target(
        Target.address(base + destination),
        target.secrets(),
        target.timeout(),
        target.concurrency(),
        target.allowPrivate());
  }

  private static CompletableFuture<Void> confirmed(Reply reply) {
    return switch (reply.outcome()) {
      case OK -> CompletableFuture.completedFuture(null);
      case GONE -> CompletableFuture.failedFuture(SendException.lasting(reply.error()));
      case STOPPED -> CompletableFuture.failedFuture(SendException.passing("the sender is closed"));
      default ->
          CompletableFuture.failedFuture(
              reply
                  .retryAfter()
                  .map(wait -> SendException.passing(reply.error(), wait))
                  .orElseGet(() -> SendException.passing(reply.error())));
    };
  }

  @Override
  public void close() {
    sender.close();
  }
}
