package dev.pitstop.nats;

import dev.pitstop.broker.SendException;
import io.nats.client.JetStreamApiException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** Why messages are not confirmed. */
final class Refusals {
  private static final int TOO_LARGE_FOR_THE_STREAM = 10_054;

  private Refusals() {}

  static SendException closed() {
    return SendException.passing("the sender is closed");
  }

  /**
   * What a failure means.
   *
   * @param timeout after which a message is given up
   * @param trouble what is known to be wrong with the connection; may be empty
   */
  static SendException of(Throwable failure, Duration timeout, String trouble) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && !(cause instanceof SendException || cause instanceof JetStreamApiException)) {
      cause = cause.getCause();
    }
    if (cause instanceof SendException known) {
      return known;
    }
    if (cause instanceof JetStreamApiException refused) {
      return refused.getApiErrorCode() == TOO_LARGE_FOR_THE_STREAM
          ? SendException.lasting(Reconnecting.reason(refused), refused)
          : SendException.passing(Reconnecting.reason(refused), refused);
    }
    String why = trouble.isEmpty() ? "" : ": " + trouble;
    if (cause instanceof TimeoutException) {
      return SendException.passing("not confirmed within " + timeout + why);
    }
    if (cause instanceof CancellationException) {
      return SendException.passing("lost before it was confirmed" + why);
    }
    return SendException.passing(Reconnecting.reason(cause), cause);
  }
}
