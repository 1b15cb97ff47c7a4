package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Sender;
import dev.pitstop.broker.Threads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Sends messages over one connection and has each confirmed. Thread-safe. */
final class RabbitMqSender implements Sender {
  /*
   * No more are under way than any relay may have.
   *
   * A message waits in the outbox until the thread of the session sends it, which is the only one
   * that writes and may hang; then it is among the unconfirmed. The watch fails what takes too long in
   * either.
   */
  private static final int MOST = 100_000;
  private static final long WATCH_MILLIS = 1_000;

  private final Settings settings;
  private final AtomicInteger underWay = new AtomicInteger();
  private final SizeLimit sizeLimit = new SizeLimit();
  private final Telling telling;
  private final Outbox outbox;
  private final Reconnecting reconnecting;
  private final ScheduledExecutorService watch;
  private volatile @Nullable Unconfirmed unconfirmed;
  private volatile String blocked = "";

  RabbitMqSender(Settings settings) {
    this.settings = settings;
    String name = "to " + settings.address();
    telling = new Telling("pitstop-told-" + name);
    outbox = new Outbox(telling);
    reconnecting = new Reconnecting(settings, name, this::session);
    watch = Executors.newSingleThreadScheduledExecutor(Threads.named("pitstop-watch-" + name));
    long every = Math.max(1, Math.min(WATCH_MILLIS, settings.timeoutMillis() / 4));
    watch.scheduleWithFixedDelay(this::failLate, every, every, TimeUnit.MILLISECONDS);
    reconnecting.start();
  }

  @Override
  public CompletableFuture<Void> send(String destination, Message<byte[]> message) {
    Publish publish;
    try {
      publish =
          ToAmqp.publish(destination, message, System.nanoTime() + settings.timeout().toNanos());
    } catch (InvalidFieldException e) {
      return CompletableFuture.failedFuture(
          SendException.lasting(String.valueOf(e.getMessage()), e));
    }
    Optional<SendException> refusal = sizeLimit.refusal(publish.body);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    if (underWay.incrementAndGet() > MOST) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          SendException.passing("more than " + MOST + " messages wait for RabbitMQ to confirm"));
    }
    publish.confirmed.whenComplete((done, failure) -> underWay.decrementAndGet());
    if (!outbox.add(publish)) {
      publish.confirmed.completeExceptionally(closed());
    }
    return publish.confirmed;
  }

  private static SendException closed() {
    return SendException.passing("the sender is closed");
  }

  private void session(Link link, Runnable up)
      throws IOException, TimeoutException, InterruptedException {
    Channel channel = link.connection().createChannel();
    if (channel == null) {
      throw new IOException("the connection has no channel");
    }
    Unconfirmed sent = new Unconfirmed(telling);
    channel.addConfirmListener(sent::confirmed, sent::refused);
    channel.addReturnListener(
        back ->
            sent.returned(
                back.getExchange(),
                back.getRoutingKey(),
                back.getProperties(),
                back.getBody(),
                "RabbitMQ returned it: " + back.getReplyText()));
    channel.addShutdownListener(signal -> outbox.wake());
    link.connection().addBlockedListener(this::block, this::unblock);
    try {
      channel.confirmSelect();
      unconfirmed = sent;
      up.run();
      publishAll(channel, sent, new Places(link.connection(), settings.queueType()));
    } finally {
      unconfirmed = null;
      unblock();
      String reason =
          channel.getCloseReason() == null
              ? "the connection was lost"
              : Reconnecting.reason(channel.getCloseReason());
      sizeLimit.learn(reason);
      boolean over = reconnecting.isClosed();
      sent.failAll(one -> over ? closed() : sizeLimit.failure(reason, one.body));
    }
  }

  private void publishAll(Channel channel, Unconfirmed sent, Places places)
      throws IOException, TimeoutException, InterruptedException {
    Optional<Publish> next = outbox.next(() -> !channel.isOpen());
    while (next.isPresent()) {
      Publish publish = next.get();
      Optional<String> missing = places.missing(publish.exchange, publish.routingKey);
      if (outbox.take(publish)) {
        if (missing.isPresent()) {
          telling.failed(List.of(publish), SendException.passing(missing.get()));
        } else {
          publish(channel, sent, publish);
        }
      }
      next = outbox.next(() -> !channel.isOpen());
    }
    if (channel.getCloseReason() != null && !reconnecting.isClosed()) {
      throw new IOException(channel.getCloseReason());
    }
  }

  private static void publish(Channel channel, Unconfirmed sent, Publish publish)
      throws IOException {
    sent.add(channel.getNextPublishSeqNo(), publish);
    BasicProperties properties = publish.properties;
    channel.basicPublish(publish.exchange, publish.routingKey, true, properties, publish.body);
  }

  private void block(String reason) {
    blocked = reason;
    outbox.block(true);
  }

  private void unblock() {
    outbox.block(false);
  }

  private void failLate() {
    String within = "not confirmed within " + settings.timeout();
    String away = reconnecting.away();
    boolean stuck = outbox.isBlocked();
    String reason =
        stuck
            ? within + ": RabbitMQ takes nothing: " + blocked
            : within + (away.isEmpty() ? "" : ": " + away);
    outbox.failLate(reason);
    Unconfirmed sent = unconfirmed;
    if (sent != null && sent.failLate(reason, settings.timeout()) && !stuck) {
      reconnecting.cut();
    }
  }

  @Override
  public void close() {
    outbox.close(closed());
    reconnecting.close();
    watch.shutdown();
    telling.close();
  }
}
