package dev.pitstop.rabbitmq;

import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes from a queue over a connection of its own. Thread-safe. */
final class RabbitMqSource implements Source {
  private final String queue;
  private final Settings settings;
  private final InHands inHands = new InHands();
  private final Reconnecting reconnecting;
  private final ScheduledExecutorService settler;
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile @Nullable Consuming consuming;
  private volatile int inFlight;
  private volatile Consumer<Received> receiver = received -> {};

  RabbitMqSource(Settings settings, String queue) {
    this.queue = queue;
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
      throws IOException, TimeoutException, InterruptedException {
    if (inHands.isStopped()) {
      return;
    }
    Consuming now = new Consuming(link.connection(), settler, inHands, receiver);
    try {
      now.begin(queue, settings.queueType(), inFlight);
      consuming = now;
      if (inHands.isStopped()) {
        now.cancel();
      }
      up.run();
      now.awaitEnd();
    } finally {
      consuming = null;
      now.lose();
    }
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    CompletableFuture<Void> drained = inHands.stop(drain);
    Consuming now = consuming;
    if (now != null) {
      now.cancel();
    }
    return drained;
  }

  @Override
  public void close() {
    inHands.stop(Duration.ZERO);
    reconnecting.close();
    settler.shutdown();
  }
}
