package dev.pitstop.bench;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is said on one connection. Used by one thread. */
@FunctionalInterface
interface Conversation {
  /**
   * The next request, after the answer to the one before.
   *
   * @param answer null for the first request
   * @return null when there is nothing more to say
   */
  byte @Nullable [] next(@Nullable HttpMessage answer);

  /** The same request again and again, as long as one more may be sent. */
  static Conversation of(byte[] request, BooleanSupplier more) {
    return answer -> {
      if (answer != null) {
        answer.orThrow();
      }
      return more.getAsBoolean() ? request : null;
    };
  }
}
