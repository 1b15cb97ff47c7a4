package dev.pitstop.rabbitmq;

import dev.pitstop.broker.SendException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The largest body that RabbitMQ takes, as far as it has said. It says so by ending the channel, so
 * that what was under way with the body that is too large fails as well; the next is not sent at
 * all. Thread-safe.
 */
final class SizeLimit {
  private static final Pattern TOLD =
      Pattern.compile("message size \\d+ is larger than configured max size (\\d+)");

  private volatile long most = Long.MAX_VALUE;

  /** Why a body cannot be sent. */
  Optional<SendException> refusal(byte[] body) {
    long limit = most;
    return body.length <= limit
        ? Optional.empty()
        : Optional.of(
            SendException.lasting(
                "message size "
                    + body.length
                    + " is larger than configured max size "
                    + limit
                    + " of RabbitMQ"));
  }

  /** Reads why a channel ended. One that ended otherwise may be followed by another limit. */
  void learn(String reason) {
    Matcher told = TOLD.matcher(reason);
    most = told.find() ? Long.parseLong(told.group(1)) : Long.MAX_VALUE;
  }

  /** Why one is not confirmed that was under way when the channel ended. */
  SendException failure(String reason, byte[] body) {
    return refusal(body)
        .orElseGet(() -> SendException.passing("lost before it was confirmed: " + reason));
  }
}
