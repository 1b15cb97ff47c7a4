package dev.pitstop.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** What is of the message, what passes, and what a producer does not survive. */
final class FailuresTest {
  private static final List<RuntimeException> OF_THE_MESSAGE =
      List.of(
          new RecordTooLargeException("too large"),
          new InvalidTopicException("no topic's name"),
          new InvalidRecordException("no key"));
  private static final List<RuntimeException> PASSING =
      List.of(
          new TimeoutException("late"),
          new UnknownTopicOrPartitionException("missing"),
          new NotEnoughReplicasException("alone"),
          new TopicAuthorizationException("not allowed"));
  private static final List<RuntimeException> ENDING =
      List.of(
          new SaslAuthenticationException("wrong password"),
          new ClusterAuthorizationException("not allowed"),
          new OutOfOrderSequenceException("out of order"),
          new KafkaException("in an error state"));

  @Test
  void onlyWhatIsOfTheMessageLasts() {
    assertThat(OF_THE_MESSAGE).allMatch(failure -> Failures.of(failure).isLasting());
    assertThat(PASSING).noneMatch(failure -> Failures.of(failure).isLasting());
    assertThat(ENDING).noneMatch(failure -> Failures.of(failure).isLasting());
  }

  @Test
  void aProducerOutlivesTheFailuresOfMessagesAndTopics() {
    assertThat(OF_THE_MESSAGE).noneMatch(Failures::endsProducer);
    assertThat(PASSING).noneMatch(Failures::endsProducer);
    assertThat(ENDING).allMatch(Failures::endsProducer);
  }

  @Test
  void theReasonIsInOneLineWithItsCause() {
    KafkaException failure =
        new KafkaException("Failed to construct", new IllegalStateException("no such host"));
    assertThat(Failures.of(new CompletionException(failure)).reason())
        .isEqualTo("Failed to construct: no such host");
    assertThat(Failures.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
