package dev.pitstop.spi;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import java.util.Objects;

/**
 * A message to be put into a store.
 *
 * @param entry scheduled or buried, never leased; a due time in the past means now
 * @param ifPresent what happens if the store holds the key
 * @param unused whether the id was generated for this put, so that the store cannot hold it and
 *     need not look
 */
public record Put(Entry entry, IfPresent ifPresent, boolean unused) {
  /** Refuses nulls and leased entries. */
  public Put {
    Objects.requireNonNull(entry, "entry");
    Objects.requireNonNull(ifPresent, "ifPresent");
    if (entry.state() == State.LEASED) {
      throw new IllegalArgumentException("a leased entry cannot be put: " + entry.key());
    }
  }
}
