package dev.pitstop.engine;

import dev.pitstop.Missed;
import dev.pitstop.RetryPolicy;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says what the store is to do with a delivery that ended: outcome, schedule and retry policy make
 * one plan. Thread-safe.
 */
final class Planner {

  private final RetryPolicy retry;
  private final Counters counters;

  Planner(RetryPolicy retry, Counters counters) {
    this.retry = retry;
    this.counters = counters;
  }

  /**
   * What becomes of a message and what is counted if it takes effect.
   *
   * @param counted run once the store has said that the settlement took effect
   */
  record Plan(Settlement settlement, Runnable counted) {}

  /** What becomes of a delivery that ended. */
  Plan plan(Emission emission, Outcome outcome, Instant now) {
    if (outcome instanceof Outcome.Acked) {
      return onward(emission, null, now, counters.acked::increment);
    }
    if (outcome instanceof Outcome.Nacked nacked) {
      return failed(emission, nacked, now);
    }
    if (outcome instanceof Outcome.Released) {
      return new Plan(move(emission, before(emission)), counters.released::increment);
    }
    if (outcome instanceof Outcome.Rescheduled rescheduled) {
      Instant at = rescheduled.at();
      Instant occurrence = emission.schedule() == null ? at : emission.scheduledFor();
      return new Plan(
          move(emission, new Progress(at, occurrence, emission.missed(), 0, null)),
          counters.rescheduled::increment);
    }
    return bury(emission, ((Outcome.Buried) outcome).reason(), () -> {});
  }

  /** The message comes back as it was before it was leased. */
  private static Progress before(Emission emission) {
    Progress leased = emission.entry().progress();
    return new Progress(
        leased.due(),
        leased.scheduledFor(),
        leased.missed(),
        leased.attempts() - 1,
        leased.lastError());
  }

  private Plan failed(Emission emission, Outcome.Nacked nacked, Instant now) {
    String error = Limits.error(nacked.error());
    if (emission.attempt() >= retry.maxAttempts()) {
      return givenUp(emission, error, now, counters.nacked::increment);
    }
    Duration delay =
        nacked
            .delay()
            .orElseGet(() -> retry.delayAfter(emission.attempt(), ThreadLocalRandom.current()));
    Instant due = later(now, delay);
    Optional<Instant> end = Optional.ofNullable(emission.schedule()).flatMap(Schedule::until);
    Instant kept = end.isPresent() && end.get().isBefore(due) ? end.get() : due;
    return new Plan(
        move(
            emission,
            new Progress(
                kept, emission.scheduledFor(), emission.missed(), emission.attempt(), error)),
        counters.nacked::increment);
  }

  /**
   * After the last attempt a one-time message is buried; of a recurring one the next occurrence
   * stands.
   */
  Plan givenUp(Emission emission, String error, Instant now, Runnable counted) {
    if (emission.schedule() == null) {
      return bury(emission, error, counted);
    }
    Runnable both =
        () -> {
          counted.run();
          counters.givenUp.increment();
        };
    return onward(emission, error, now, both);
  }

  /** Set aside with a reason. */
  Plan bury(Emission emission, String reason, Runnable counted) {
    Progress leased = emission.entry().progress();
    Progress buried =
        new Progress(
            leased.due(),
            emission.scheduledFor(),
            emission.missed(),
            leased.attempts(),
            Limits.error(reason));
    return new Plan(
        new Settlement.Bury(emission.entry().key(), emission.token(), buried),
        () -> {
          counted.run();
          counters.buried.increment();
        });
  }

  /** The end of a recurring message has passed. */
  Plan ended(Emission emission) {
    return new Plan(delete(emission), counters.ended::increment);
  }

  /** A missed occurrence is passed over for the next that lies ahead. */
  Plan skipped(Emission emission, Schedule schedule, Instant now) {
    Instant past = justBefore(now);
    Optional<Instant> next = schedule.next(past);
    long passed = schedule.newest(emission.scheduledFor(), past).skipped() + 1;
    if (next.isEmpty()) {
      return new Plan(
          delete(emission),
          () -> {
            counters.skipped.add(passed);
            counters.ended.increment();
          });
    }
    String error = emission.entry().progress().lastError();
    return new Plan(
        move(emission, new Progress(next.get(), next.get(), 0, 0, error)),
        () -> counters.skipped.add(passed));
  }

  /** On to the next occurrence; without one the message is removed. */
  private Plan onward(Emission emission, @Nullable String error, Instant now, Runnable counted) {
    Schedule schedule = emission.schedule();
    if (schedule == null) {
      return new Plan(delete(emission), counted);
    }
    Optional<Instant> next = schedule.next(emission.scheduledFor());
    long passed = 0;
    Instant past = justBefore(now);
    if (next.isPresent() && schedule.missed() == Missed.SKIP && !next.get().isAfter(past)) {
      passed = schedule.newest(next.get(), past).skipped() + 1;
      next = schedule.next(past);
    }
    Settlement settlement =
        next.map(at -> move(emission, new Progress(at, at, 0, 0, error)))
            .orElseGet(() -> delete(emission));
    if (passed == 0) {
      return new Plan(settlement, counted);
    }
    long skipped = passed;
    return new Plan(
        settlement,
        () -> {
          counted.run();
          counters.skipped.add(skipped);
        });
  }

  private static Settlement move(Emission emission, Progress progress) {
    return new Settlement.Move(emission.entry().key(), emission.token(), progress);
  }

  private static Settlement delete(Emission emission) {
    return new Settlement.Delete(emission.entry().key(), emission.token());
  }

  /** The millisecond before the one that it is; what was due by then was missed. */
  private static Instant justBefore(Instant now) {
    return Instant.ofEpochMilli(now.toEpochMilli() - 1);
  }

  /** An instant later by a delay, in whole milliseconds and never earlier than that. */
  private static Instant later(Instant now, Duration delay) {
    Instant due = now.plus(delay).plusNanos(999_999);
    return due.isAfter(Schedule.LAST) ? Schedule.LAST : Instant.ofEpochMilli(due.toEpochMilli());
  }
}
