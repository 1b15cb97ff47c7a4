package dev.pitstop.server.webhook;

import dev.pitstop.server.metrics.Quantile;
import dev.pitstop.webhook.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a target fares, as this process sees it. Thread-safe. */
final class Condition {
  private static final double PART = 0.99;

  /**
   * The last post that came to its end.
   *
   * @param reply what came of it
   * @param at when, by this machine's clock
   * @param failures how many in a row failed until then, it included
   */
  record Last(Reply reply, Instant at, long failures) {}

  private final Quantile times = new Quantile();
  private Optional<Last> last = Optional.empty();

  /** A post came to its end. */
  synchronized void record(Reply reply) {
    times.record(reply.took().toNanos());
    boolean failed = reply.outcome() != Reply.Outcome.OK;
    long failures = failed ? last.map(Last::failures).orElse(0L) + 1 : 0;
    last = Optional.of(new Last(reply, Instant.now(), failures));
  }

  /** The last post; empty before the first. */
  synchronized Optional<Last> last() {
    return last;
  }

  /** In a word. */
  synchronized String word() {
    return last.map(one -> one.failures() == 0 ? "ok" : "failing").orElse("untried");
  }

  /** Of 99 of 100 posts of the last minute none took longer. */
  Duration p99() {
    return times.of(PART);
  }
}
