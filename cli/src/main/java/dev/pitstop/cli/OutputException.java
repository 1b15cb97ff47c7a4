package dev.pitstop.cli;

import java.io.IOException;

/** Standard output took no more: it was closed, or its disk is full. */
final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputException(IOException cause) {
    super("standard output: " + cause.getMessage(), cause);
  }

  /** Whether who read the output went away, which is nothing to complain about. */
  boolean closed() {
    String message = String.valueOf(getMessage());
    return message.contains("Broken pipe") || message.contains("(broken pipe)");
  }
}
