package dev.pitstop;

import java.util.Objects;

/** What came of one message of a batch; the others of the batch do not depend on it. */
public sealed interface StoreResult {
  /** The message is durable, or was kept for an existing one. */
  record Success(Stored stored) implements StoreResult {
    /** Refuses nulls. */
    public Success {
      Objects.requireNonNull(stored, "stored");
    }
  }

  /** The message was refused, or whether it was stored is unknown; the failure says which. */
  record Failure(PitstopException failure) implements StoreResult {
    /** Refuses nulls. */
    public Failure {
      Objects.requireNonNull(failure, "failure");
    }
  }

  /** What was stored; throws the failure when nothing was. */
  default Stored orThrow() {
    if (this instanceof Failure failed) {
      throw failed.failure();
    }
    return ((Success) this).stored();
  }
}
