package dev.pitstop;

import org.jspecify.annotations.Nullable;

/** A body could not be turned into bytes, or bytes into a body. */
public final class CodecException extends PitstopException {
  private static final long serialVersionUID = 1L;

  /** With what could not be read or written. */
  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
