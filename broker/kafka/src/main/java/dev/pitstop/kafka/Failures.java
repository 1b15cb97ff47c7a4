package dev.pitstop.kafka;

import dev.pitstop.broker.SendException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What Kafka's errors mean. */
final class Failures {
  private Failures() {}

  /** What a message failed by. */
  static SendException of(Throwable failure) {
    Throwable cause = cause(failure);
    return isOfTheMessage(cause)
        ? SendException.lasting(reason(cause), cause)
        : SendException.passing(reason(cause), cause);
  }

  private static boolean isOfTheMessage(Throwable cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof InvalidTopicException
        || cause instanceof InvalidRecordException;
  }

  /** Whether the producer may be of no more use: it forgives none but these. */
  static boolean endsProducer(Throwable failure) {
    Throwable cause = cause(failure);
    return !(cause instanceof RetriableException
        || cause instanceof TopicAuthorizationException
        || isOfTheMessage(cause));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** What Kafka or the machine says, in a line. */
  static String reason(Throwable failure) {
    String said = failure.getMessage();
    Throwable cause = failure.getCause();
    String why =
        cause == null || cause.getMessage() == null || cause.getMessage().equals(said)
            ? ""
            : ": " + cause.getMessage();
    return (said == null ? failure.getClass().getSimpleName() : said) + why;
  }
}
