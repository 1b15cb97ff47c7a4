package dev.pitstop.nats;

import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.Threads;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.impl.AckType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a stream keeps of a subject, by a durable consumer. Thread-safe. */
final class NatsSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(NatsSource.class);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final String subject;
  private final Settings settings;
  private final InHands inHands = new InHands();
  private final Reconnecting reconnecting;
  private final ScheduledExecutorService settler;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile @Nullable Taking taking;
  private volatile int inFlight;
  private volatile Consumer<Received> receiver = received -> {};

  /** Where to ask for what was lost with the connection before. Used by the session's thread. */
  private List<String> lost = new ArrayList<>();

  NatsSource(Settings settings, String subject) {
    this.subject = subject;
    this.settings = settings;
    reconnecting = new Reconnecting(settings, name(), this::session);
    settler = Executors.newSingleThreadScheduledExecutor(Threads.named("pitstop-acks-" + name()));
  }

  @Override
  public String name() {
    return settings.address().toString();
  }

  @Override
  public void start(int inFlight, Consumer<Received> receiver) {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException(name() + " was started before");
    }
    this.inFlight = inFlight;
    this.receiver = receiver;
    reconnecting.start();
  }

  private void session(Link link, Runnable up)
      throws IOException, JetStreamApiException, InterruptedException {
    Connection connection = link.connection();
    Durable durable = Durable.find(connection.jetStreamManagement(), settings, subject);
    Taking now =
        new Taking(link, durable, settings.timeout(), settler, inHands, inFlight, receiver);
    byte[] again = AckType.AckNak.bodyBytes(durable.afterPulls().toNanos());
    lost.forEach(reply -> connection.publish(reply, again));
    lost.clear();
    try {
      taking = now;
      if (inHands.isStopped()) {
        now.end();
      }
      up.run();
      now.run();
    } finally {
      taking = null;
      lost.addAll(now.lose());
    }
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    CompletableFuture<Void> drained = inHands.stop(drain);
    Taking now = taking;
    if (now != null) {
      now.end();
    }
    return drained;
  }

  @Override
  public void close() {
    if (settler.isShutdown()) {
      return;
    }
    stop(Duration.ZERO);
    giveBack();
    reconnecting.close();
    settler.shutdown();
  }

  /** Within two seconds; what NATS was not told of comes again when its ack wait is over. */
  private void giveBack() {
    Taking now = taking;
    if (now == null) {
      return;
    }
    try {
      now.giveBack().get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("{}: what was in hands was not given back", name(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
