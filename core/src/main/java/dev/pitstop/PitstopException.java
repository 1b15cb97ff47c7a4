package dev.pitstop;

import org.jspecify.annotations.Nullable;

/** The root of what Pitstop throws or completes a future with. */
public class PitstopException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong, naming the thing it concerns. */
  public PitstopException(String message) {
    super(message);
  }

  /** With what went wrong and what caused it. */
  public PitstopException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
