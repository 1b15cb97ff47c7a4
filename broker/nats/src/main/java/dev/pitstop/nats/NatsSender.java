package dev.pitstop.nats;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Sender;
import io.nats.client.JetStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends messages over one connection and has each confirmed by its stream. Thread-safe. */
final class NatsSender implements Sender {
  /*
   * A message waits in the outbox until the thread of the session gives it to the client, which is
   * the only one that does so and may be held up; then its answer is waited for.
   */
  private static final int MOST = 100_000;

  private final Settings settings;
  private final Set<Publish> underWay = ConcurrentHashMap.newKeySet();
  private final Outbox outbox = new Outbox();
  private final Telling telling;
  private final Reconnecting reconnecting;

  NatsSender(Settings settings) {
    this.settings = settings;
    String name = "to " + settings.address();
    telling = new Telling("pitstop-told-" + name);
    reconnecting = new Reconnecting(settings, name, this::session);
    reconnecting.start();
  }

  @Override
  public CompletableFuture<Void> send(String destination, Message<byte[]> message) {
    Publish publish;
    try {
      publish = ToNats.publish(destination, message);
    } catch (InvalidFieldException e) {
      return CompletableFuture.failedFuture(
          SendException.lasting(String.valueOf(e.getMessage()), e));
    }
    underWay.add(publish);
    CompletableFuture<Void> confirmed =
        publish
            .answer
            .orTimeout(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
            .handleAsync((ack, failure) -> answered(publish, failure), telling);
    if (underWay.size() > MOST) {
      publish.answer.completeExceptionally(
          SendException.passing("more than " + MOST + " messages wait for NATS to confirm"));
    } else if (!outbox.add(publish)) {
      publish.answer.completeExceptionally(Refusals.closed());
    }
    return confirmed;
  }

  private @Nullable Void answered(Publish publish, @Nullable Throwable failure) {
    underWay.remove(publish);
    if (failure == null) {
      return null;
    }
    outbox.forgetAnswered();
    throw new CompletionException(
        reconnecting.isClosed()
            ? Refusals.closed()
            : Refusals.of(failure, settings.timeout(), reconnecting.trouble()));
  }

  private void session(Link link, Runnable up) throws IOException, InterruptedException {
    JetStream stream = link.connection().jetStream();
    link.ended().thenRun(outbox::wake);
    up.run();
    Optional<Publish> next = outbox.next(() -> !link.isOpen());
    while (next.isPresent()) {
      publish(stream, next.get());
      next = outbox.next(() -> !link.isOpen());
    }
    if (!reconnecting.isClosed()) {
      throw link.lost();
    }
  }

  /** Nothing is sent of which the sender has been told that it failed. */
  private static void publish(JetStream stream, Publish publish) throws IOException {
    if (publish.answer.isDone()) {
      return;
    }
    try {
      stream
          .publishAsync(publish.subject, publish.headers, publish.body)
          .whenComplete(
              (ack, failure) -> {
                if (failure == null) {
                  publish.answer.complete(ack);
                } else {
                  publish.answer.completeExceptionally(failure);
                }
              });
    } catch (IllegalArgumentException e) {
      publish.answer.completeExceptionally(
          SendException.lasting(Reconnecting.reason(e), e)); // too large
    } catch (IllegalStateException e) {
      publish.answer.completeExceptionally(e);
      throw new IOException("the connection takes nothing: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    outbox.close();
    underWay.forEach(each -> each.answer.completeExceptionally(Refusals.closed()));
    reconnecting.close();
    telling.close();
  }
}
