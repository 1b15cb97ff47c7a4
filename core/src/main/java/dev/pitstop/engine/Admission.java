package dev.pitstop.engine;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Missed;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides of each leased message whether it is emitted: one whose end has passed, whose attempts
 * are used up or whose occurrence was missed is settled in place. Thread-safe.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  /** So many settled in place wait for the store's answer before no more are leased. */
  private static final int MOST_IN_PLACE = 1_000;

  private final Terms terms;
  private final Planner planner;
  private final Settler settler;
  private final Runnable roomAgain;
  private final AtomicInteger inPlace = new AtomicInteger();

  /**
   * An admission.
   *
   * @param roomAgain called when there is room after {@link #room} said there was none; quick
   */
  Admission(Terms terms, Planner planner, Settler settler, Runnable roomAgain) {
    this.terms = terms;
    this.planner = planner;
    this.settler = settler;
    this.roomAgain = roomAgain;
  }

  /** How many more may be leased, for all that this knows. */
  int room() {
    return inPlace.get() < MOST_IN_PLACE ? Integer.MAX_VALUE : 0;
  }

  /**
   * The emission of a leased entry; empty when it was settled in place. One that nothing can be
   * made of is buried, so that it keeps none of the others from being emitted.
   */
  Optional<Emission> admit(Entry entry, Instant now) {
    try {
      return decide(entry, now);
    } catch (RuntimeException e) {
      Progress progress = entry.progress();
      Emission emission =
          new Emission(entry, null, progress.scheduledFor(), progress.missed(), now);
      return settle(unreadable(emission, e));
    }
  }

  private Planner.Plan unreadable(Emission emission, RuntimeException failure) {
    return planner.bury(
        emission.unattempted(), "schedule cannot be read: " + Limits.message(failure), () -> {});
  }

  private Optional<Emission> decide(Entry entry, Instant now) {
    Progress progress = entry.progress();
    Emission emission = new Emission(entry, null, progress.scheduledFor(), progress.missed(), now);
    String text = entry.schedule();
    Schedule schedule = null;
    if (text != null) {
      try {
        schedule = Schedule.parse(text);
      } catch (InvalidFieldException e) {
        return settle(unreadable(emission, e));
      }
      emission = new Emission(entry, schedule, progress.scheduledFor(), progress.missed(), now);
      if (emission.isEndedAt(now)) {
        log.info("message {} is removed: the end of its schedule has passed", entry.key());
        return settle(planner.ended(emission));
      }
    }
    if (progress.attempts() > terms.retry().maxAttempts()) {
      return settle(planner.givenUp(emission.unattempted(), lapsed(progress), now, () -> {}));
    }
    if (schedule == null) {
      return Optional.of(emission);
    }
    if (schedule.missed() == Missed.SKIP && isMissed(schedule, progress, now)) {
      Planner.Plan plan = planner.skipped(emission, schedule, now);
      if (plan.settlement() instanceof Settlement.Delete) {
        log.info("message {} is removed: the rest of its occurrences were missed", entry.key());
      }
      return settle(plan);
    }
    return Optional.of(
        schedule.missed() == Missed.LATEST ? newest(emission, schedule, now) : emission);
  }

  private Optional<Emission> settle(Planner.Plan plan) {
    inPlace.incrementAndGet();
    settler.settle(
        plan,
        new Settler.Answer() {
          @Override
          public void took(boolean effect) {
            over();
          }

          @Override
          public void failed(PitstopException failure) {
            log.debug("{} was not settled and comes again", plan.settlement().key(), failure);
            over();
          }
        });
    return Optional.empty();
  }

  private void over() {
    if (inPlace.decrementAndGet() == MOST_IN_PLACE - 1) {
      roomAgain.run();
    }
  }

  /**
   * Whether the occurrence of a first attempt is too late: its successor is due as well, or nobody
   * came.
   */
  private boolean isMissed(Schedule schedule, Progress progress, Instant now) {
    if (progress.attempts() > 1) {
      return false;
    }
    if (progress.due().plus(terms.missedAfter()).isBefore(now)) {
      return true;
    }
    return progress.due().equals(progress.scheduledFor())
        && schedule.next(progress.scheduledFor()).filter(next -> !next.isAfter(now)).isPresent();
  }

  /** The emission of the newest occurrence that is due. */
  private static Emission newest(Emission emission, Schedule schedule, Instant now) {
    if (emission.scheduledFor().isAfter(now)) {
      return emission;
    }
    Schedule.Newest newest = schedule.newest(emission.scheduledFor(), now);
    return new Emission(
        emission.entry(),
        schedule,
        newest.occurrence(),
        emission.missed() + newest.skipped(),
        emission.leasedAt());
  }

  private String lapsed(Progress progress) {
    String error = progress.lastError();
    return "given up after "
        + terms.retry().maxAttempts()
        + " attempts, the last of which nobody settled"
        + (error == null ? "" : "; before that: " + error);
  }
}
