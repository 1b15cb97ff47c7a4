package dev.pitstop;

/**
 * What becomes of occurrences of a recurring message that were missed: nobody listened when they
 * were due, or the one before took too long.
 */
public enum Missed {
  /** Every one is emitted, in order. */
  EACH,
  /** Only the newest is emitted; {@link Delivery#missed()} says how many it stands for besides. */
  LATEST,
  /** None is emitted; the message waits for the next that lies ahead. */
  SKIP
}
