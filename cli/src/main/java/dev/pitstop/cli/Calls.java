package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for what the store answers. */
final class Calls {
  private Calls() {}

  /** What a future completes with; throws its failure as it was. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof PitstopException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** The failure that a call completed with. */
  static PitstopException failure(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    return cause instanceof PitstopException failure
        ? failure
        : new PitstopException(String.valueOf(cause), cause);
  }
}
