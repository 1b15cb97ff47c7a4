package dev.pitstop.spi;

import dev.pitstop.StoreUnavailableException;

/**
 * A message that somebody else holds was not written, as one that an open transaction of the
 * application has locked; whatever else the call was about was done as it says. Repeated later it
 * may pass.
 */
public final class HeldException extends StoreUnavailableException {
  private static final long serialVersionUID = 1;

  /** With which message it was, and what the backend said. */
  public HeldException(String message, Throwable cause) {
    super(message, cause);
  }
}
