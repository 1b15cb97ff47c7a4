package dev.pitstop.rocksdb;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message's record: what stands beside its due time.
 *
 * @param progress how far it has come, as it was put or settled last
 * @param settledToken leases up to this token are over; 0 when none was settled
 * @param type the body's media type
 * @param schedule of a recurring message
 * @param inlineBody empty when {@code large}
 * @param large whether the body lies apart
 * @param payloadAt where in the record that begins which never changes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying each body would cost
record Value(
    Progress progress,
    long settledToken,
    String id,
    String type,
    @Nullable String schedule,
    Map<String, String> headers,
    byte[] inlineBody,
    boolean large,
    int payloadAt) {
  /*
   * A byte of flags; what the first four say is there; then the id, the media type, what the last
   * three say is there, and the body up to the end. A fresh one-time message with a UUID and a common
   * media type costs 19 bytes besides its body.
   */
  private static final int SCHEDULED_FOR = 1;
  private static final int ATTEMPTS = 2;
  private static final int ERROR = 4;
  private static final int SETTLED = 8;
  private static final int SCHEDULE = 16;
  private static final int HEADERS = 32;
  private static final int LARGE = 64;
  private static final int PAYLOAD = SCHEDULE | HEADERS | LARGE;

  /** Bodies that are longer lie apart, so that a retry does not write them again. */
  static final int INLINE_MOST = 2048;

  /** Media types that cost one byte. Their numbers are on disk: add at the end only. */
  private static final String[] TYPES = {
    "application/octet-stream", "application/json", "text/plain; charset=utf-8", "text/plain"
  };

  static boolean isLarge(Payload payload) {
    return payload.body().length > INLINE_MOST;
  }

  /** Writes the record of a message that is put. */
  static void encode(Buf out, Entry entry) {
    Payload payload = entry.payload();
    boolean large = isLarge(payload);
    String schedule = entry.schedule();
    int flags =
        (schedule == null ? 0 : SCHEDULE)
            | (payload.headers().isEmpty() ? 0 : HEADERS)
            | (large ? LARGE : 0);
    head(out, flags, entry.progress(), 0);
    Keys.idInRecord(out, entry.key().id());
    type(out, payload.contentType());
    if (schedule != null) {
      out.text(schedule);
    }
    if (!payload.headers().isEmpty()) {
      out.varint(payload.headers().size());
      payload.headers().forEach((name, value) -> out.text(name).text(value));
    }
    if (!large) {
      out.raw(payload.body());
    }
  }

  /** Writes the record anew with other progress; the lease of a token was settled by that. */
  static void moved(Buf out, byte[] record, Progress progress, long settledToken) {
    Value old = decode(record, 0);
    head(out, record[0] & PAYLOAD, progress, settledToken);
    out.raw(record, old.payloadAt, record.length - old.payloadAt);
  }

  private static void head(Buf out, int payloadFlags, Progress progress, long settledToken) {
    long ahead = progress.scheduledFor().toEpochMilli() - progress.due().toEpochMilli();
    String error = progress.lastError();
    boolean attempted = progress.attempts() != 0 || progress.missed() != 0;
    out.u8(
        payloadFlags
            | (ahead != 0 ? SCHEDULED_FOR : 0)
            | (attempted ? ATTEMPTS : 0)
            | (error != null ? ERROR : 0)
            | (settledToken != 0 ? SETTLED : 0));
    if (ahead != 0) {
      out.zigzag(ahead);
    }
    if (attempted) {
      out.varint(progress.attempts()).varint(progress.missed());
    }
    if (error != null) {
      out.text(error);
    }
    if (settledToken != 0) {
      out.varint(settledToken);
    }
  }

  private static void type(Buf out, String type) {
    for (int i = 0; i < TYPES.length; i++) {
      if (TYPES[i].equals(type)) {
        out.u8(i + 1);
        return;
      }
    }
    out.u8(0).text(type);
  }

  /** Reads a record whose key has this due time, in milliseconds since 1970. */
  static Value decode(byte[] record, long due) {
    Bytes in = new Bytes(record);
    int flags = in.u8();
    long scheduledFor = (flags & SCHEDULED_FOR) == 0 ? due : due + in.zigzag();
    boolean attempted = (flags & ATTEMPTS) != 0;
    int attempts = attempted ? (int) in.varint() : 0;
    long missed = attempted ? in.varint() : 0;
    String error = (flags & ERROR) == 0 ? null : in.text();
    long settledToken = (flags & SETTLED) == 0 ? 0 : in.varint();
    int payloadAt = in.at();
    String id = Keys.idInRecord(in);
    int type = in.u8();
    if (type > TYPES.length) {
      throw new DamagedException("there is no media type of number " + type);
    }
    String typeText = type == 0 ? in.text() : TYPES[type - 1];
    String schedule = (flags & SCHEDULE) == 0 ? null : in.text();
    Map<String, String> headers = (flags & HEADERS) == 0 ? Map.of() : headers(in);
    Instant at = Instant.ofEpochMilli(due);
    Progress progress =
        new Progress(
            at,
            scheduledFor == due ? at : Instant.ofEpochMilli(scheduledFor),
            missed,
            attempts,
            error);
    return new Value(
        progress,
        settledToken,
        id,
        typeText,
        schedule,
        headers,
        in.rest(),
        (flags & LARGE) != 0,
        payloadAt);
  }

  private static Map<String, String> headers(Bytes in) {
    long count = in.varint();
    Map<String, String> headers = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      headers.put(in.text(), in.text());
    }
    return Collections.unmodifiableMap(headers);
  }

  /** The progress of one that is requeued. */
  Progress requeued(Instant now) {
    return new Progress(now, progress.scheduledFor(), 0, 0, progress.lastError());
  }

  /** The progress of one that is rescheduled: a recurring one stays at its occurrence. */
  Progress rescheduled(Instant due) {
    Instant occurrence = schedule == null ? due : progress.scheduledFor();
    return new Progress(due, occurrence, progress.missed(), 0, null);
  }

  /** The message with its body. */
  Entry entry(Key key, byte[] body, State state, int attempts, @Nullable Lease lease) {
    Progress now =
        attempts == progress.attempts()
            ? progress
            : new Progress(
                progress.due(),
                progress.scheduledFor(),
                progress.missed(),
                attempts,
                progress.lastError());
    return new Entry(key, new Payload(body, type, headers), schedule, state, now, lease);
  }
}
