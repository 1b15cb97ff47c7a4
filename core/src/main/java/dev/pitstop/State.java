package dev.pitstop;

/** Where a message stands in its life. */
public enum State {
  /** Waits for its due time, or is due and waits for a listener. */
  SCHEDULED,
  /** A listener holds it until its lease runs out. */
  LEASED,
  /** Set aside until requeued or removed. */
  BURIED
}
