package dev.pitstop.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a message has come: all of it that changes while its payload and schedule stay.
 *
 * @param due when it is emitted next, in whole milliseconds
 * @param scheduledFor the occurrence that the next emission stands for, in whole milliseconds
 * @param missed how many missed occurrences it stands for besides
 * @param attempts how many attempts at this occurrence were made; a lease adds one
 * @param lastError why the last attempt failed or why it was buried, at most 4 KiB of UTF-8
 */
public record Progress(
    Instant due, Instant scheduledFor, long missed, int attempts, @Nullable String lastError) {
  /** Refuses nulls. */
  public Progress {
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(scheduledFor, "scheduledFor");
  }

  /** A message's first occurrence, not attempted yet. */
  public static Progress starting(Instant at) {
    return new Progress(at, at, 0, 0, null);
  }
}
