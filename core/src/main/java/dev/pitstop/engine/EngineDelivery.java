package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A delivery and its lease. The first settle wins; a failed one may be tried again. Thread-safe.
 */
final class EngineDelivery<T> implements Delivery<T> {
  private final Emission emission;
  private final Codec<T> codec;
  private final Settler settler;
  private final Consumer<EngineDelivery<T>> whenSettled;
  private final AtomicReference<@Nullable CompletableFuture<Boolean>> answer =
      new AtomicReference<>();
  private final AtomicBoolean finished = new AtomicBoolean();
  private @Nullable T body;
  private volatile Instant until;
  private volatile boolean lost;
  private volatile boolean ackedElsewhere;
  private volatile long placedNanos;
  private volatile boolean timedOut;

  /** Whether the keeper has asked for more time and was not answered yet. */
  private final AtomicBoolean extending = new AtomicBoolean();

  /** The thread that runs the handler; written under the lock of this. */
  private volatile @Nullable Thread handlerThread;

  /**
   * A delivery.
   *
   * @param whenSettled hears that a settle was answered, or failed
   */
  EngineDelivery(
      Emission emission, Codec<T> codec, Settler settler, Consumer<EngineDelivery<T>> whenSettled) {
    this.emission = emission;
    this.codec = codec;
    this.settler = settler;
    this.whenSettled = whenSettled;
    this.until = emission.entry().leased().until();
  }

  @Override
  public String queue() {
    return emission.entry().key().queue();
  }

  @Override
  public String id() {
    return emission.entry().key().id();
  }

  @Override
  public T body() {
    return Objects.requireNonNull(body);
  }

  @Override
  public byte[] bytes() {
    return emission.entry().payload().body();
  }

  @Override
  public String contentType() {
    return emission.entry().payload().contentType();
  }

  @Override
  public Map<String, String> headers() {
    return emission.entry().payload().headers();
  }

  @Override
  public Optional<Schedule> schedule() {
    return Optional.ofNullable(emission.schedule());
  }

  @Override
  public Instant scheduledFor() {
    return emission.scheduledFor();
  }

  @Override
  public long missed() {
    return emission.missed();
  }

  @Override
  public Instant emittedAt() {
    return emission.leasedAt();
  }

  @Override
  public int attempt() {
    return emission.attempt();
  }

  @Override
  public Optional<String> lastError() {
    return Optional.ofNullable(emission.entry().progress().lastError());
  }

  @Override
  public long token() {
    return emission.token();
  }

  @Override
  public Instant leasedUntil() {
    return until;
  }

  @Override
  public boolean leaseLost() {
    return lost || !settler.now().isBefore(until);
  }

  @Override
  public CompletableFuture<Boolean> ack() {
    return ackedElsewhere ? end() : settle(new Outcome.Acked());
  }

  /** Ends it without writing: a transaction of the application has the ack. */
  private CompletableFuture<Boolean> end() {
    CompletableFuture<Boolean> mine = CompletableFuture.completedFuture(true);
    CompletableFuture<Boolean> first = claim(mine);
    if (first != mine) {
      return first;
    }
    settler.countAcked();
    whenSettled.accept(this);
    return mine;
  }

  @Override
  public <U> U unwrap(Class<U> type) {
    DeliveryDoor door =
        new DeliveryDoor() {
          @Override
          public Settlement ack() {
            return settler.ofAck(emission);
          }

          @Override
          public void acked() {
            ackedElsewhere = true;
          }
        };
    return settler
        .store()
        .unwrap(type, door)
        .orElseThrow(() -> EngineQueue.nothingOf(type, settler.store()));
  }

  @Override
  public CompletableFuture<Boolean> nack(String error) {
    Objects.requireNonNull(error, "error");
    return settle(new Outcome.Nacked(error, Optional.empty()));
  }

  @Override
  public CompletableFuture<Boolean> nack(String error, Duration delay) {
    Objects.requireNonNull(error, "error");
    if (delay.compareTo(Duration.between(settler.now(), Schedule.LAST)) > 0) {
      throw new InvalidFieldException("delay", "must end by " + Schedule.LAST, delay);
    }
    Duration wait = delay.isNegative() ? Duration.ZERO : delay;
    return settle(new Outcome.Nacked(error, Optional.of(wait)));
  }

  @Override
  public CompletableFuture<Boolean> release() {
    return settle(new Outcome.Released());
  }

  @Override
  public CompletableFuture<Boolean> bury(String reason) {
    Objects.requireNonNull(reason, "reason");
    return settle(new Outcome.Buried(reason));
  }

  @Override
  public CompletableFuture<Boolean> reschedule(Instant at) {
    return settle(new Outcome.Rescheduled(Schedule.at(at).at()));
  }

  @Override
  public CompletableFuture<Boolean> extend(Duration duration) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidFieldException("duration", "must be at least PT0.001S", duration);
    }
    CompletableFuture<Boolean> extended = new CompletableFuture<>();
    Instant before;
    try {
      before = settler.now();
    } catch (PitstopException e) {
      return CompletableFuture.failedFuture(e);
    }
    settler.extend(
        emission,
        duration,
        new Settler.Answer() {
          @Override
          public void took(boolean effect) {
            if (effect) {
              until = later(before, duration);
            } else {
              lost = true;
            }
            extended.complete(effect);
          }

          @Override
          public void failed(PitstopException failure) {
            extended.completeExceptionally(failure);
          }
        });
    return extended;
  }

  /** Extends it for the keeper, unless the store has not answered to that yet. */
  void keep(Duration leaseTime) {
    if (extending.compareAndSet(false, true)) {
      extend(leaseTime).whenComplete((took, failure) -> extending.set(false));
    }
  }

  /** Whether a settle was asked for. */
  boolean settled() {
    CompletableFuture<Boolean> first = answer.get();
    return first != null && !first.isCompletedExceptionally();
  }

  /** Whether a transaction of the application has the ack; it may not be committed yet. */
  boolean isAckedElsewhere() {
    return ackedElsewhere;
  }

  /** Whether the store has said that the lease is lost. */
  boolean isKnownLost() {
    return lost;
  }

  /** Whether it is too late to hand it out: its lease has run out, or its schedule has ended. */
  boolean isStale() {
    Instant now = settler.now();
    return lost || !now.isBefore(until) || emission.isEndedAt(now);
  }

  /** Counts it as over; says whether that is news. */
  boolean finish() {
    return finished.compareAndSet(false, true);
  }

  /** Reads the body to hand it out, and counts that; see {@link #readAgain}. */
  boolean read() {
    boolean readable = readAgain();
    if (readable) {
      settler.countEmitted();
    }
    return readable;
  }

  /**
   * Reads the body. One that cannot be read is buried with the reason.
   *
   * @return whether it could be read
   */
  boolean readAgain() {
    try {
      body = codec.decode(bytes(), contentType());
      if (body != null) {
        return true;
      }
      bury("body cannot be read: the codec gave null");
    } catch (Throwable e) {
      bury("body cannot be read: " + Limits.message(e));
    }
    return false;
  }

  /** It takes a place among those in hands. */
  void placed() {
    placedNanos = System.nanoTime();
  }

  long nanosSincePlaced() {
    return System.nanoTime() - placedNanos;
  }

  /** The calling thread begins to run the handler. */
  synchronized void enterHandler() {
    handlerThread = Thread.currentThread();
  }

  /** The handler has returned; from now on it is not interrupted. */
  synchronized void leaveHandler() {
    handlerThread = null;
  }

  /** Whether a handler is running with it. */
  boolean isHandled() {
    return handlerThread != null;
  }

  /** Whether it is the calling thread that runs a handler with it. */
  boolean isHandledHere() {
    return handlerThread == Thread.currentThread();
  }

  /** Interrupts the handler, once, if it is still running, and nacks what it has not settled. */
  void timeOut(Duration limit) {
    synchronized (this) {
      Thread running = handlerThread;
      if (running == null) {
        return;
      }
      if (!settled()) {
        nack("handler ran longer than its timeout of " + limit);
      }
      if (!timedOut) {
        timedOut = true;
        running.interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return "message " + id() + " of queue " + queue();
  }

  /** An instant later by a duration; what would be after the year 9999 is its end. */
  private static Instant later(Instant instant, Duration duration) {
    boolean kept = duration.compareTo(Duration.between(instant, Schedule.LAST)) <= 0;
    return kept ? instant.plus(duration) : Schedule.LAST;
  }

  private CompletableFuture<Boolean> settle(Outcome outcome) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> first = claim(mine);
    if (first != mine) {
      return first;
    }
    settler.settle(
        emission,
        outcome,
        new Settler.Answer() {
          @Override
          public void took(boolean effect) {
            lost |= !effect;
            whenSettled.accept(EngineDelivery.this);
            mine.complete(effect);
          }

          @Override
          public void failed(PitstopException failure) {
            whenSettled.accept(EngineDelivery.this);
            mine.completeExceptionally(failure);
          }
        });
    return mine;
  }

  /** The answer of the first settle that did not fail: an earlier one, or this one from now on. */
  private CompletableFuture<Boolean> claim(CompletableFuture<Boolean> mine) {
    while (true) {
      CompletableFuture<Boolean> first = answer.get();
      if (first != null && !first.isCompletedExceptionally()) {
        return first;
      }
      if (answer.compareAndSet(first, mine)) {
        return mine;
      }
    }
  }
}
