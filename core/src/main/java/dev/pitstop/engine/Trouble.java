package dev.pitstop.engine;

import dev.pitstop.ListenerHealth;
import dev.pitstop.spi.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a listener fares with its store: growing, noisy pauses while it is away, and one line in the
 * log when that changes. A store that does not answer for longer than a call may take is away too.
 * Thread-safe.
 */
final class Trouble {
  private static final Logger log = LoggerFactory.getLogger(Trouble.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String queue;
  private volatile ListenerHealth health =
      new ListenerHealth(true, Optional.empty(), Instant.now());
  private Duration pause = FIRST_PAUSE;
  private String recovery = ""; // guarded by this
  private volatile long askedNanos;
  private volatile boolean asking;
  private volatile long lookedNanos;
  private volatile boolean looking;

  Trouble(String queue) {
    this.queue = queue;
  }

  ListenerHealth health() {
    return health;
  }

  /** A look begins. */
  void looks() {
    lookedNanos = System.nanoTime();
    looking = true;
  }

  /** A look has ended, however. */
  void looked() {
    looking = false;
  }

  /** The store is asked. */
  void asks() {
    askedNanos = System.nanoTime();
    asking = true;
  }

  /** The store has answered to one question of a look. */
  void answered() {
    asking = false;
  }

  /** The store has answered to all of a look. */
  void over() {
    asking = false;
    if (!health.healthy()) {
      recover();
    }
  }

  private synchronized void recover() {
    log.info("listener of queue {} goes on: {}", queue, recovery);
    health = new ListenerHealth(true, Optional.empty(), Instant.now());
    pause = FIRST_PAUSE;
  }

  /** The store has failed; says how long to wait before the next try. */
  synchronized Duration with(Throwable failure) {
    asking = false;
    away(Limits.message(failure), failure);
    Duration wait = noisy(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return wait;
  }

  /** Looks whether the store owes an answer, or a look its end, for longer than a limit. */
  synchronized void check(Duration limit) {
    long now = System.nanoTime();
    if (asking && now - askedNanos > limit.toNanos()) {
      away("the store has given no answer for " + limit, null);
    } else if (looking && !asking && now - lookedNanos > limit.toNanos()) {
      standsStill("its loop stands still for " + limit + ": who gets deliveries does not return");
    }
  }

  private void away(String text, @Nullable Throwable failure) {
    if (health.healthy()) {
      log.warn("listener of queue {} cannot reach the store: {}", queue, text, failure);
    }
    unhealthy(text, "the store is back");
  }

  private void standsStill(String text) {
    if (health.healthy()) {
      log.warn("listener of queue {} hands out nothing: {}", queue, text);
    }
    unhealthy(text, "deliveries are taken again");
  }

  private void unhealthy(String text, String after) {
    recovery = after;
    Instant since = health.healthy() ? Instant.now() : health.since();
    health = new ListenerHealth(false, Optional.of(text), since);
  }

  /** A duration varied by half, up and down, at random. */
  static Duration noisy(Duration duration) {
    return Duration.ofNanos(
        (long) (duration.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
  }
}
