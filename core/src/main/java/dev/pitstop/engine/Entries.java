package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.CodecException;
import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns messages of one queue into entries and back, refusing what is out of bounds. Thread-safe.
 */
final class Entries<T> {
  private final String queue;
  private final Codec<T> codec;
  private final int maxBody;

  Entries(String queue, Codec<T> codec, int maxBody) {
    this.queue = queue;
    this.codec = codec;
    this.maxBody = maxBody;
  }

  /** What puts a message at its first occurrence. */
  Put put(Deferral<T> deferral, Instant now) {
    Message<T> message = deferral.message();
    String id = message.id().map(Limits::id).orElseGet(() -> UUID.randomUUID().toString());
    String contentType = message.contentType().orElseGet(codec::contentType);
    Payload payload = payload(encode(message.body()), contentType, message.headers());
    Schedule schedule = deferral.schedule().anchored(now);
    Instant first =
        schedule
            .first(now)
            .orElseThrow(
                () ->
                    new InvalidFieldException(
                        "schedule", "must have an occurrence before its end", schedule));
    String text = schedule.recurring() ? schedule.toString() : null;
    Entry entry = Entry.scheduled(new Key(queue, id), payload, text, Progress.starting(first));
    return new Put(entry, deferral.ifPresent(), message.id().isEmpty());
  }

  /** What puts a message as it stood elsewhere. */
  Put restore(StoredMessage message) {
    Payload payload = payload(message.body(), message.contentType(), message.headers());
    Progress progress =
        new Progress(
            Schedule.at(message.due()).at(),
            Schedule.at(message.scheduledFor()).at(),
            message.missed(),
            message.attempts(),
            message.lastError().map(Limits::error).orElse(null));
    Entry entry =
        new Entry(
            new Key(queue, Limits.id(message.id())),
            payload,
            message.schedule().filter(Schedule::recurring).map(Schedule::toString).orElse(null),
            message.state() == State.BURIED ? State.BURIED : State.SCHEDULED,
            progress,
            null);
    return new Put(entry, IfPresent.REPLACE, false);
  }

  /** The message that an entry holds. */
  static StoredMessage stored(Entry entry) {
    Payload payload = entry.payload();
    Progress progress = entry.progress();
    return new StoredMessage(
        entry.key().id(),
        payload.body(),
        payload.contentType(),
        payload.headers(),
        Optional.ofNullable(entry.schedule()),
        entry.state(),
        progress.due(),
        progress.scheduledFor(),
        progress.missed(),
        progress.attempts(),
        Optional.ofNullable(progress.lastError()),
        Optional.ofNullable(entry.lease()).map(Lease::until));
  }

  private byte[] encode(T body) {
    byte[] bytes;
    try {
      bytes = codec.encode(body);
    } catch (PitstopException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw new CodecException("body cannot be written: " + Limits.message(e), e);
    }
    if (bytes == null) {
      throw new CodecException("body cannot be written: the codec gave null", null);
    }
    return bytes;
  }

  private Payload payload(byte[] body, String contentType, Map<String, String> headers) {
    Limits.envelope(headers, contentType);
    return new Payload(Limits.body(body, maxBody), contentType, headers);
  }
}
