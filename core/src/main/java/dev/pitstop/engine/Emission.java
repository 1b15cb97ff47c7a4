package dev.pitstop.engine;

import dev.pitstop.Schedule;
import dev.pitstop.spi.Entry;
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

  long token() {
    return entry.leased().token();
  }
}
