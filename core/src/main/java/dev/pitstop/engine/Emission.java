package dev.pitstop.engine;

import dev.pitstop.Schedule;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A leased message with the occurrence that it stands for.
 *
 * @param schedule of a recurring message; null otherwise
 * @param scheduledFor the occurrence; of a message that emits only the newest it may be later than
 *     what the store has
 * @param missed how many missed occurrences it stands for besides
 * @param leasedAt the store's time when it was leased
 */
record Emission(
    Entry entry, @Nullable Schedule schedule, Instant scheduledFor, long missed, Instant leasedAt) {

  /** Which attempt at the occurrence this is. */
  int attempt() {
    return entry.progress().attempts();
  }

  /** Whether the end of its schedule has passed at an instant. */
  boolean isEndedAt(Instant now) {
    return schedule != null && schedule.until().filter(end -> !end.isAfter(now)).isPresent();
  }

  /**
   * This emission, given up before it was handed out: the attempt that its lease counts was none.
   */
  Emission unattempted() {
    Progress leased = entry.progress();
    Progress before =
        new Progress(
            leased.due(),
            leased.scheduledFor(),
            leased.missed(),
            leased.attempts() - 1,
            leased.lastError());
    Entry unattempted =
        new Entry(
            entry.key(), entry.payload(), entry.schedule(), entry.state(), before, entry.lease());
    return new Emission(unattempted, schedule, scheduledFor, missed, leasedAt);
  }

  long token() {
    return entry.leased().token();
  }
}
