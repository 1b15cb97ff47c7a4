package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes messages from a source on, and acks each at its source when it is confirmed where it went:
 * at least once, in the source's order as far as nothing fails. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  /** How many messages are passed on at once unless said otherwise. */
  public static final int IN_FLIGHT = 1_000;

  /** So many messages at most may be passed on at once. */
  public static final int MOST_IN_FLIGHT = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

  private final Source source;
  private final Onward onward;
  private final LongAdder passed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder unsettled = new LongAdder();
  private final AtomicReference<@Nullable Failure> last = new AtomicReference<>();
  private volatile long warned = System.nanoTime() - QUIET;

  private Relay(Source source, Onward onward) {
    this.source = source;
    this.onward = onward;
  }

  /**
   * What a relay has done since it was started.
   *
   * @param passed confirmed and acked
   * @param failed not confirmed, and so nacked
   * @param unsettled confirmed or not, where the source could not be told; these may come again
   */
  public record Counters(long passed, long failed, long unsettled) {}

  /** When a message was not passed on, and why. */
  public record Failure(Instant at, String reason) {}

  /**
   * Starts to pass messages on. The source is the relay's from now on; where they go to is closed
   * by who made it, after the relay.
   *
   * @param inFlight so many at once at most; 1 to 100,000
   */
  public static Relay start(Source source, Onward onward, int inFlight) {
    if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
      throw new InvalidFieldException("inFlight", "must be from 1 to " + MOST_IN_FLIGHT, inFlight);
    }
    Relay relay = new Relay(source, onward);
    source.start(inFlight, relay::pass);
    return relay;
  }

  private void pass(Received received) {
    confirmed(received)
        .handle((done, failure) -> failure == null ? acked(received) : nacked(received, failure))
        .thenCompose(settled -> settled)
        .whenComplete((done, failure) -> told(failure));
  }

  private CompletableFuture<Void> confirmed(Received received) {
    try {
      return onward.pass(received.message());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Void> acked(Received received) {
    return received.ack().thenRun(passed::increment);
  }

  private CompletableFuture<Void> nacked(Received received, Throwable failure) {
    SendException reason = SendException.of(failure);
    failed.increment();
    last.set(new Failure(Instant.now(), reason.reason()));
    warn("not passed on, comes again: " + reason.reason());
    return received.nack(reason);
  }

  private void told(@Nullable Throwable failure) {
    if (failure != null) {
      unsettled.increment();
      warn("its source could not be told what became of a message: " + failure);
    }
  }

  /** Once in a while: what fails for one message fails for thousands. */
  private void warn(String what) {
    long now = System.nanoTime();
    if (now - warned >= QUIET) {
      warned = now;
      LOG.warn("{}: {}", source.name(), what);
    } else {
      LOG.debug("{}: {}", source.name(), what);
    }
  }

  /** What it hands on from. */
  public String name() {
    return source.name();
  }

  /** What it has done. */
  public Counters counters() {
    return new Counters(passed.sum(), failed.sum(), unsettled.sum());
  }

  /** The last message that was not passed on. */
  public Optional<Failure> lastFailure() {
    return Optional.ofNullable(last.get());
  }

  /**
   * Takes nothing more from the source and waits for what is under way; what takes longer comes
   * again. May be called again.
   *
   * @return completes when nothing is under way any more, or the time is over
   */
  public CompletableFuture<Void> stop(Duration drain) {
    return source.stop(drain).whenComplete((done, failure) -> source.close());
  }

  /** Stops, waiting 30 seconds at most. */
  @Override
  public void close() {
    stop(DRAIN).join();
  }
}
