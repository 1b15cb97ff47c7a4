package dev.pitstop;

/** What storing a message does when its queue holds a message with its id already. */
public enum IfPresent {
  /** Replaces it whole: body, headers and schedule; attempts start anew, leases are revoked. */
  REPLACE,
  /** Leaves the existing message as it is; the new one is dropped. */
  KEEP,
  /** Refuses with {@link MessageExistsException}. */
  FAIL
}
