package dev.pitstop.sql;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Store;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of what other processes store, and wakes whom it concerns. Thread-safe.
 *
 * <p>Where the database carries notices it awaits these. Elsewhere, and while they are lost, the
 * next due time of each watched queue is asked for at a short interval: a key or two of an index.
 * Either is a hint; what both miss is found at the listeners' poll interval.
 */
final class Watching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_END_MILLIS = 2_000;
  private static final long LONG_PAUSE = TimeUnit.MINUTES.toNanos(10);

  /** Less than {@link Notice#AHEAD}, so that what was not told is seen before it is late. */
  private static final long LONGEST_SLEEP = TimeUnit.SECONDS.toNanos(90);

  private final Database database;
  private final Heads heads;
  private final Notices.@Nullable Source source;
  private final Duration poll;
  private final BiConsumer<String, Long> told;
  private final Consumer<String> look;
  private final ConcurrentMap<String, Integer> watched = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile @Nullable Notices notices;
  private long tryNotBefore;
  private boolean lost;
  private boolean saidThatNoneArrive;

  /**
   * Watches nothing yet.
   *
   * @param source null where the database carries no notices
   * @param poll how often the next due time is asked for, where there are none
   * @param told takes what a notice says of a queue
   * @param look asks for a queue's next due time and wakes whom it concerns
   */
  Watching(
      Database database,
      Heads heads,
      Notices.@Nullable Source source,
      Duration poll,
      BiConsumer<String, Long> told,
      Consumer<String> look) {
    this.database = database;
    this.heads = heads;
    this.source = source;
    this.poll = poll;
    this.told = told;
    this.look = look;
    thread = new Thread(this::run, "pitstop-sql-watch");
    thread.setDaemon(true);
  }

  void start() {
    tryNotBefore = System.nanoTime();
    thread.start();
  }

  /** Watches a queue until closed. */
  Store.Subscription watch(String queue) {
    watched.merge(queue, 1, Integer::sum);
    LockSupport.unpark(thread);
    return () -> watched.computeIfPresent(queue, (name, times) -> times == 1 ? null : times - 1);
  }

  private void run() {
    while (!database.isClosed()) {
      try {
        if (watched.isEmpty()) {
          LockSupport.park(this);
        } else if (source != null && System.nanoTime() - tryNotBefore >= 0) {
          hear(source);
        } else {
          watched.keySet().forEach(look);
          LockSupport.parkNanos(this, pause());
        }
      } catch (StoreUnavailableException e) {
        LOG.debug("watching failed and goes on", e); // listeners say it for all
        LockSupport.parkNanos(this, poll.toNanos());
      } catch (RuntimeException e) {
        LOG.warn("watching failed and goes on", e);
        LockSupport.parkNanos(this, PAUSE);
      }
    }
  }

  /** For how long nothing is asked for: no longer than until it is tried again to hear. */
  private long pause() {
    return source == null
        ? poll.toNanos()
        : Math.min(poll.toNanos(), Math.max(1, tryNotBefore - System.nanoTime()));
  }

  /** Hears until nothing more can be heard, or nobody watches. */
  private void hear(Notices.Source from) {
    try (Notices hearing = from.open()) {
      notices = hearing;
      if (!hearing.arrive()) {
        noneArrive();
        return;
      }
      watched.keySet().forEach(look); // for what came before
      if (lost) {
        lost = false;
        LOG.info("notifications are heard again");
      }
      while (!database.isClosed() && !watched.isEmpty()) {
        hearing.await().forEach(this::told);
        watched.keySet().stream()
            .filter(queue -> heads.of(queue).unseenFor() > LONGEST_SLEEP)
            .forEach(look);
      }
    } catch (SQLException e) {
      lost(e);
    } finally {
      notices = null;
    }
  }

  private void told(String text) {
    Notice.parse(text)
        .ifPresentOrElse(
            earliest -> earliest.forEach(told),
            () -> {
              if (text.equals("*")) {
                watched.keySet().forEach(look);
              }
            });
  }

  private void noneArrive() {
    tryNotBefore = System.nanoTime() + LONG_PAUSE;
    if (!saidThatNoneArrive) {
      saidThatNoneArrive = true;
      LOG.info(
          "notifications do not arrive, as behind a pooler; next due times are asked for every {}",
          poll);
    }
  }

  private void lost(SQLException e) {
    tryNotBefore = System.nanoTime() + PAUSE;
    if (!lost && !database.isClosed()) {
      lost = true;
      LOG.info(
          "notifications are lost; until they are heard again next due times are asked for every {}",
          poll,
          e);
    }
  }

  /** Ends it, and waits for what it holds to be given back, while that can be soon. */
  @Override
  public void close() {
    Notices hearing = notices;
    if (hearing != null) {
      hearing.end();
    }
    LockSupport.unpark(thread);
    try {
      thread.join(LONGEST_END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
