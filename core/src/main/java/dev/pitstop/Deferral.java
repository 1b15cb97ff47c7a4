package dev.pitstop;

import java.util.Objects;

/**
 * A message together with when it is emitted and what happens if its id is there already: one item
 * of a batch.
 */
public record Deferral<T>(Message<T> message, Schedule schedule, IfPresent ifPresent) {
  /** Refuses nulls. */
  public Deferral {
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(ifPresent, "ifPresent");
  }

  /** A message that replaces an older one of its id. */
  public static <T> Deferral<T> of(Message<T> message, Schedule schedule) {
    return new Deferral<>(message, schedule, IfPresent.REPLACE);
  }
}
