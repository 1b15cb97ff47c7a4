package dev.pitstop;

import java.util.Objects;

/**
 * What came of storing a message.
 *
 * @param id the message's id, its own or the one it was given
 * @param outcome whether it is new, replaced an older one, or was dropped for an existing one
 */
public record Stored(String id, Outcome outcome) {
  /** What storing did to the queue. */
  public enum Outcome {
    /** The queue did not hold the id; now it does. */
    CREATED,
    /** The queue held the id; the message was replaced. */
    REPLACED,
    /** The queue held the id; it was left as it is ({@link IfPresent#KEEP}). */
    KEPT
  }

  /** Refuses nulls. */
  public Stored {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(outcome, "outcome");
  }
}
