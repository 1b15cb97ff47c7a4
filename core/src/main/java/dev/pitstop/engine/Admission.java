package dev.pitstop.engine;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Missed;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides of each leased message whether it is emitted: one whose end has passed, whose attempts
 * are used up or whose occurrence was missed is settled in place. Thread-safe.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  private final Terms terms;
  private final Planner planner;
  private final Settler settler;

  Admission(Terms terms, Planner planner, Settler settler) {
    this.terms = terms;
    this.planner = planner;
    this.settler = settler;
  }

  /** The emission of a leased entry; empty when it was settled in place. */
  Optional<Emission> admit(Entry entry, Instant now) {
    Progress progress = entry.progress();
    Emission emission = new Emission(entry, null, progress.scheduledFor(), progress.missed(), now);
    String text = entry.schedule();
    Schedule schedule = null;
    if (text != null) {
      try {
        schedule = Schedule.parse(text);
      } catch (InvalidFieldException e) {
        return settle(
            planner.bury(emission, "schedule cannot be read: " + e.getMessage(), () -> {}));
      }
      emission = new Emission(entry, schedule, progress.scheduledFor(), progress.missed(), now);
      if (schedule.until().filter(end -> !end.isAfter(now)).isPresent()) {
        log.info("message {} is removed: the end of its schedule has passed", entry.key());
        return settle(planner.ended(emission));
      }
    }
    if (progress.attempts() > terms.retry().maxAttempts()) {
      return settle(planner.givenUp(emission, lapsed(progress), now, () -> {}));
    }
    if (schedule == null) {
      return Optional.of(emission);
    }
    if (schedule.missed() == Missed.SKIP && isMissed(schedule, progress, now)) {
      return settle(planner.skipped(emission, schedule, now));
    }
    return Optional.of(
        schedule.missed() == Missed.LATEST ? newest(emission, schedule, now) : emission);
  }

  private Optional<Emission> settle(Planner.Plan plan) {
    settler.settle(
        plan,
        Settler.Answer.onFailure(
            failure ->
                log.debug("{} was not settled and comes again", plan.settlement().key(), failure)));
    return Optional.empty();
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
