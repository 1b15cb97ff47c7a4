package dev.pitstop.engine;

import dev.pitstop.ListenerHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a listener fares with its store: growing, noisy pauses while it is away, and one line in the
 * log when that changes. Used by one thread, read by many.
 */
final class Trouble {
  private static final Logger log = LoggerFactory.getLogger(Trouble.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String queue;
  private volatile ListenerHealth health =
      new ListenerHealth(true, Optional.empty(), Instant.now());
  private Duration pause = FIRST_PAUSE;

  Trouble(String queue) {
    this.queue = queue;
  }

  ListenerHealth health() {
    return health;
  }

  /** The store has answered. */
  void over() {
    if (!health.healthy()) {
      log.info("listener of queue {} goes on: the store is back", queue);
      health = new ListenerHealth(true, Optional.empty(), Instant.now());
      pause = FIRST_PAUSE;
    }
  }

  /** The store has failed; says how long to wait before the next try. */
  Duration with(RuntimeException failure) {
    String text = String.valueOf(failure.getMessage());
    if (health.healthy()) {
      log.warn("listener of queue {} cannot reach the store and keeps trying", queue, failure);
      health = new ListenerHealth(false, Optional.of(text), Instant.now());
    } else {
      health = new ListenerHealth(false, Optional.of(text), health.since());
    }
    Duration wait = noisy(pause);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return wait;
  }

  /** A duration varied by half, up and down, at random. */
  static Duration noisy(Duration duration) {
    return Duration.ofNanos(
        (long) (duration.toNanos() * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
  }
}
