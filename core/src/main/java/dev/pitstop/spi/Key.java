package dev.pitstop.spi;

import java.util.Objects;

/**
 * Names a message: its queue and its id. Two ids are the same exactly when their UTF-8 bytes are.
 */
public record Key(String queue, String id) {
  /** Refuses nulls. */
  public Key {
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(id, "id");
  }
}
