package dev.pitstop.nats;

import dev.pitstop.broker.Threads;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one session with NATS after the other on a thread of its own: when a connection is lost the
 * next is made after a pause that grows, and the log has a line when that changes. Thread-safe.
 */
final class Reconnecting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reconnecting.class);
  private static final long FIRST_PAUSE = 100;
  private static final long LONGEST_PAUSE = 3_000;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Settings settings;
  private final String name;
  private final Session session;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Link link;
  private volatile String away = "not connected yet";
  private boolean told;
  private long pause = FIRST_PAUSE;

  /** What is done with one connection. */
  interface Session {
    /**
     * Returns when it is closed, and throws when the connection is lost.
     *
     * @param up to be called when all is ready
     */
    void run(Link link, Runnable up)
        throws IOException, JetStreamApiException, InterruptedException;
  }

  Reconnecting(Settings settings, String name, Session session) {
    this.settings = settings;
    this.name = name;
    this.session = session;
    this.thread = Threads.named("pitstop-" + name).newThread(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** What NATS complained of last, or why there is no connection; empty when there is nothing. */
  String trouble() {
    Link current = link;
    String said = current == null ? "" : current.said();
    return said.isEmpty() ? away : said;
  }

  private void run() {
    while (!isClosed()) {
      Link made = new Link(settings, "pitstop-" + name);
      link = made;
      try (made) {
        made.open();
        session.run(made, this::up);
      } catch (InterruptedException e) {
        return; // only close() interrupts
      } catch (IOException | JetStreamApiException | RuntimeException e) {
        down(e);
      }
      pauseUnlessClosed();
    }
  }

  private void up() {
    away = "";
    pause = FIRST_PAUSE;
    if (told) {
      LOG.info("{}: connected again", name);
    }
    told = false;
  }

  private void down(Exception failure) {
    away = reason(failure);
    if (isClosed()) {
      return;
    }
    if (told) {
      LOG.debug("{}: still away: {}", name, away);
    } else {
      LOG.warn("{}: away, tried again until it is back: {}", name, away);
    }
    told = true;
  }

  private void pauseUnlessClosed() {
    try {
      long noisy = pause / 2 + ThreadLocalRandom.current().nextLong(pause);
      if (!closed.await(noisy, TimeUnit.MILLISECONDS)) {
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What NATS or the machine says, in a line. */
  static String reason(Throwable failure) {
    String said = failure.getMessage();
    return said == null ? failure.getClass().getSimpleName() : said;
  }

  /** Ends the connection and the thread, within about two seconds or while it goes on ending. */
  @Override
  public void close() {
    closed.countDown();
    if (Thread.currentThread() == thread || !thread.isAlive()) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
