package dev.pitstop;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A message as it stands in its queue, for people who look and for moving it elsewhere whole.
 *
 * @param id the message's id
 * @param body the bytes of its body; not to be changed
 * @param contentType the body's media type
 * @param headers in the order they were given
 * @param scheduleText the text of its schedule, as stored: a later Pitstop may have written one
 *     that this one cannot read; empty for a message that is emitted once
 * @param state where it stands
 * @param due when it is emitted next, retries included
 * @param scheduledFor the occurrence that the next emission stands for
 * @param missed how many missed occurrences it stands for besides
 * @param attempts how many attempts at this occurrence were made
 * @param lastError why the last attempt failed or why it was buried
 * @param leasedUntil when the lease runs out, while leased
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying each body would cost
public record StoredMessage(
    String id,
    byte[] body,
    String contentType,
    Map<String, String> headers,
    Optional<String> scheduleText,
    State state,
    Instant due,
    Instant scheduledFor,
    long missed,
    int attempts,
    Optional<String> lastError,
    Optional<Instant> leasedUntil) {

  /** Refuses nulls and copies the headers, keeping their order. */
  public StoredMessage {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(contentType, "contentType");
    headers = headers.isEmpty() ? Map.of() : Headers.copyOf(headers);
  }

  /**
   * Its schedule; empty for a message that is emitted once.
   *
   * @throws InvalidFieldException when the text cannot be read
   */
  public Optional<Schedule> schedule() {
    return scheduleText.map(Schedule::parse);
  }
}
