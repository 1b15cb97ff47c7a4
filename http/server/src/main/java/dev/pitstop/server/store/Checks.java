package dev.pitstop.server.store;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.server.http.Right;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import java.time.Duration;
import java.time.Instant;

/**
 * What the store takes for granted of what it is given: here it comes from outside. Static and
 * thread-safe.
 */
final class Checks {
  private static final int LONGEST_SCHEDULE = 16 << 10;
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(1);

  private Checks() {}

  /** Refuses a message that is out of bounds. */
  static Put put(Put put, int maxBody) {
    Entry entry = put.entry();
    Limits.id(entry.key().id());
    Payload payload = entry.payload();
    Limits.envelope(payload.headers(), payload.contentType());
    Limits.body(payload.body(), maxBody);
    String schedule = entry.schedule();
    if (schedule != null && schedule.length() > LONGEST_SCHEDULE) {
      throw new InvalidFieldException(
          "schedule",
          "must be at most " + LONGEST_SCHEDULE + " characters",
          schedule.length() + " characters");
    }
    progress(entry.progress());
    return put;
  }

  /** What a caller must be allowed for a put: one that has a past is brought back, not stored. */
  static Right right(Put put) {
    Entry entry = put.entry();
    Progress progress = entry.progress();
    boolean starts =
        entry.state() == State.SCHEDULED
            && progress.attempts() == 0
            && progress.missed() == 0
            && progress.lastError() == null;
    return starts ? Right.STORE : Right.ADMIN;
  }

  /** Refuses a settlement that is out of bounds. */
  static Settlement settlement(Settlement settlement) {
    Limits.id(settlement.key().id());
    if (settlement instanceof Settlement.Move move) {
      progress(move.progress());
    } else if (settlement instanceof Settlement.Bury bury) {
      progress(bury.progress());
    } else if (settlement instanceof Settlement.Extend extend) {
      leaseTime(extend.leaseTime());
    }
    return settlement;
  }

  /** A lease's length. */
  static Duration leaseTime(Duration leaseTime) {
    if (leaseTime.compareTo(SHORTEST_LEASE) < 0) {
      throw new InvalidFieldException("leaseTime", "must be at least " + SHORTEST_LEASE, leaseTime);
    }
    return leaseTime;
  }

  /** A due time. */
  static Instant due(String field, Instant due) {
    if (due.isAfter(Schedule.LAST)) {
      throw new InvalidFieldException(field, "must not be after " + Schedule.LAST, due);
    }
    return due;
  }

  private static void progress(Progress progress) {
    due("due", progress.due());
    due("scheduledFor", progress.scheduledFor());
    notNegative("missed", progress.missed());
    notNegative("attempts", progress.attempts());
    String error = progress.lastError();
    if (error != null && !Limits.error(error).equals(error)) {
      throw new InvalidFieldException("lastError", "must be at most 4 KiB of UTF-8", error);
    }
  }

  private static void notNegative(String field, long value) {
    if (value < 0) {
      throw new InvalidFieldException(field, "must be at least 0", value);
    }
  }
}
