package dev.pitstop.spi;

import dev.pitstop.State;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as a store keeps it.
 *
 * @param schedule of a recurring message, a text that means nothing to the store; null otherwise
 * @param state where it stands; a message whose lease has run out is {@code SCHEDULED} or {@code
 *     LEASED}, as the store likes
 * @param lease present exactly when the state is {@code LEASED}
 */
public record Entry(
    Key key,
    Payload payload,
    @Nullable String schedule,
    State state,
    Progress progress,
    @Nullable Lease lease) {
  /** Refuses nulls, and a lease on what is not leased. */
  public Entry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(progress, "progress");
    if ((state == State.LEASED) != (lease != null)) {
      throw new IllegalArgumentException(key + " is " + state + " with lease " + lease);
    }
  }

  /** A message that waits. */
  public static Entry scheduled(
      Key key, Payload payload, @Nullable String schedule, Progress progress) {
    return new Entry(key, payload, schedule, State.SCHEDULED, progress, null);
  }

  /** The lease of an entry that is leased. */
  public Lease leased() {
    return Objects.requireNonNull(lease, "not leased");
  }

  /** This entry under a lease, its attempt counted. */
  public Entry leasedBy(Lease lease) {
    Progress attempted =
        new Progress(
            progress.due(),
            progress.scheduledFor(),
            progress.missed(),
            progress.attempts() + 1,
            progress.lastError());
    return new Entry(key, payload, schedule, State.LEASED, attempted, lease);
  }

  /** When it is due, in milliseconds since 1970. */
  public long dueMillis() {
    Instant due = progress.due();
    return due.toEpochMilli();
  }
}
