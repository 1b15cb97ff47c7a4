package dev.pitstop.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The durable consumer that is taken by.
 *
 * @param ackWait after which a message in hands comes again unless that is put off
 * @param mostAtOnce how many it may be asked for at once
 * @param longestPull for how long it may be asked
 */
record Durable(String stream, String name, Duration ackWait, int mostAtOnce, Duration longestPull) {
  private static final int NO_SUCH_CONSUMER = 10_014;
  private static final int MOST_IN_HANDS = 100_000;
  private static final Duration LONGEST_PULL = Duration.ofSeconds(2);
  private static final Duration MARGIN = Duration.ofMillis(500);

  /**
   * Finds the consumer that an address names, or makes it: one that begins with the oldest message.
   *
   * @throws IOException when there is no such stream, or a consumer of that name that takes
   *     something else or in another way
   */
  static Durable find(JetStreamManagement management, Settings settings, String subject)
      throws IOException, JetStreamApiException {
    String stream =
        settings.stream().isPresent() ? settings.stream().get() : streamOf(management, subject);
    String name = settings.durable().orElseThrow();
    ConsumerInfo info;
    try {
      info = management.getConsumerInfo(stream, name);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NO_SUCH_CONSUMER) {
        throw e;
      }
      info = management.addOrUpdateConsumer(stream, configuration(name, subject, settings));
    }
    ConsumerConfiguration there = info.getConsumerConfiguration();
    List<String> taken = there.getFilterSubjects();
    if (taken == null) {
      taken = management.getStreamInfo(stream).getConfiguration().getSubjects();
    }
    String what = "the consumer " + name + " of the stream " + stream;
    if (!taken.equals(List.of(subject))) {
      throw new IOException(what + " takes " + taken + ", and not " + subject);
    }
    return checked(stream, name, what, there);
  }

  private static String streamOf(JetStreamManagement management, String subject)
      throws IOException, JetStreamApiException {
    List<String> streams = management.getStreamNames(subject);
    if (streams.size() != 1) {
      throw new IOException(
          streams.isEmpty()
              ? "no stream keeps the subject " + subject
              : "several streams keep the subject " + subject + ": " + streams);
    }
    return streams.get(0);
  }

  private static ConsumerConfiguration configuration(
      String name, String subject, Settings settings) {
    return ConsumerConfiguration.builder()
        .durable(name)
        .filterSubject(subject)
        .ackPolicy(AckPolicy.Explicit)
        .ackWait(settings.ackWait())
        .maxAckPending(MOST_IN_HANDS)
        .build();
  }

  private static Durable checked(
      String stream, String name, String what, ConsumerConfiguration there) throws IOException {
    if (there.getDeliverSubject() != null) {
      throw new IOException(what + " pushes, and cannot be asked for messages");
    }
    if (there.getAckPolicy() != AckPolicy.Explicit) {
      throw new IOException(
          what + " must have the ack policy explicit, has " + there.getAckPolicy());
    }
    return new Durable(
        stream,
        name,
        there.getAckWait(),
        there.getMaxBatch() > 0 ? (int) there.getMaxBatch() : Integer.MAX_VALUE,
        shorter(there.getMaxExpires()));
  }

  /**
   * After how long what is given back may come again: when no pull of before is left, to which NATS
   * may hand it though nobody waits for that any more.
   */
  Duration afterPulls() {
    return longestPull.plus(MARGIN);
  }

  private static Duration shorter(@Nullable Duration limit) {
    return limit == null || limit.isZero() || limit.compareTo(LONGEST_PULL) > 0
        ? LONGEST_PULL
        : limit;
  }
}
