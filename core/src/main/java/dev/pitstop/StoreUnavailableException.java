package dev.pitstop;

import org.jspecify.annotations.Nullable;

/**
 * The store could not be reached, or did not answer within the time limit of a call.
 *
 * <p>Whether the call took effect is unknown. Repeating it is safe: a message with an id is stored
 * once however often it is stored, and a settle only ever applies to its own lease.
 */
public class StoreUnavailableException extends PitstopException {
  private static final long serialVersionUID = 1L;

  /** With what could not be reached and why. */
  public StoreUnavailableException(String message) {
    super(message);
  }

  /** With what could not be reached, why, and the failure beneath. */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
