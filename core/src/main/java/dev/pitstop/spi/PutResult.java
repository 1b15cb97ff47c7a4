package dev.pitstop.spi;

import dev.pitstop.PitstopException;

/** What came of one put of a batch. */
public sealed interface PutResult {
  /** The key was not there. */
  PutResult CREATED = new Done(Outcome.CREATED);

  /** The key was there and has the new entry now; a lease on the old one is revoked. */
  PutResult REPLACED = new Done(Outcome.REPLACED);

  /** The key was there and was left as it is, as {@code IfPresent.KEEP} asks. */
  PutResult KEPT = new Done(Outcome.KEPT);

  /** The key was there and was left as it is, as {@code IfPresent.FAIL} asks. */
  PutResult EXISTS = new Done(Outcome.EXISTS);

  /** What a put did. */
  enum Outcome {
    /** See {@link PutResult#CREATED}. */
    CREATED,
    /** See {@link PutResult#REPLACED}. */
    REPLACED,
    /** See {@link PutResult#KEPT}. */
    KEPT,
    /** See {@link PutResult#EXISTS}. */
    EXISTS
  }

  /** The put was carried out. */
  record Done(Outcome outcome) implements PutResult {}

  /** The store refused this entry alone; nothing was written for it. */
  record Refused(PitstopException failure) implements PutResult {}
}
