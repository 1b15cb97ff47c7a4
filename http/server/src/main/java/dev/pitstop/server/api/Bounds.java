package dev.pitstop.server.api;

import dev.pitstop.InvalidFieldException;

/**
 * How much one request may hold. Immutable.
 *
 * @param batchBytes so many bytes of a batch at most
 * @param batchLines so many lines of a batch at most
 * @param keys so many idempotency keys are remembered at most; the oldest are forgotten first
 */
public record Bounds(int batchBytes, int batchLines, int keys) {

  /** Refuses what is out of bounds. */
  public Bounds {
    atLeastOne("maxBatchBytes", batchBytes);
    atLeastOne("maxBatchLines", batchLines);
    atLeastOne("maxIdempotencyKeys", keys);
  }

  /** Batches of 16 MiB and 100,000 lines, 50,000 keys. */
  public static Bounds defaults() {
    return new Bounds(16 << 20, 100_000, 50_000);
  }

  private static void atLeastOne(String field, int value) {
    if (value < 1) {
      throw new InvalidFieldException(field, "must be at least 1", value);
    }
  }
}
