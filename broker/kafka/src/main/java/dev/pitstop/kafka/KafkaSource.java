package dev.pitstop.kafka;

import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from a topic as a member of a group, with one consumer after the other on a thread of its
 * own: Kafka's connects again by itself, and another is made, after a pause that grows, when one
 * can do no more. Thread-safe.
 */
final class KafkaSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSource.class);
  private static final long FIRST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 3_000;
  private static final long LASTED = TimeUnit.MINUTES.toNanos(1);
  private static final Duration LONGEST =
      Duration.ofDays(36_500); // whose nanoseconds can be counted
  private static final Duration CLOSE = Duration.ofSeconds(6);

  private final Settings settings;
  private final String topic;
  private final InHands inHands = new InHands();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean started = new AtomicBoolean();
  private final Thread thread;
  private boolean told;
  private volatile @Nullable Consuming consuming;
  private volatile int inFlight;
  private volatile Consumer<Received> receiver = received -> {};

  KafkaSource(Settings settings, String topic) {
    this.settings = settings;
    this.topic = topic;
    thread = Threads.named("pitstop-" + name()).newThread(this::run);
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
    thread.start();
  }

  private void run() {
    long pause = FIRST_PAUSE;
    while (!isClosed()) {
      long began = System.nanoTime();
      try (Consuming now = new Consuming(settings, topic, inHands, inFlight, receiver)) {
        consuming = now;
        if (isClosed()) {
          return;
        }
        now.run();
      } catch (InterruptedException e) {
        return; // only close() interrupts
      } catch (RuntimeException e) {
        tell(e);
      } finally {
        consuming = null;
      }
      boolean lasted = System.nanoTime() - began > LASTED;
      told &= !lasted;
      pause = lasted ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
      pauseUnlessClosed(pause);
    }
  }

  /** Once, until one has lasted: what ends a consumer at once ends the next as well. */
  private void tell(RuntimeException failure) {
    if (told || isClosed()) {
      LOG.debug("{}: begun anew", name(), failure);
    } else {
      LOG.warn("{}: cannot be taken from, tried again: {}", name(), Failures.reason(failure));
    }
    told = true;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pauseUnlessClosed(long pause) {
    try {
      closed.await(pause / 2 + ThreadLocalRandom.current().nextLong(pause), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    CompletableFuture<Void> drained = inHands.stop(drain);
    Consuming now = consuming;
    if (now == null) {
      return drained;
    }
    CompletableFuture<Void> stored = now.stop();
    Duration bounded = drain.compareTo(LONGEST) > 0 ? LONGEST : drain;
    return drained
        .thenCompose(done -> stored.copy())
        .completeOnTimeout(null, bounded.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    inHands.stop(Duration.ZERO);
    closed.countDown();
    Consuming now = consuming;
    if (now != null) {
      now.end();
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSE.toMillis());
      if (thread.isAlive()) {
        thread.interrupt(); // it hangs, as while the name of a host is looked up
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
