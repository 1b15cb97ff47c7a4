package dev.pitstop.mongodb;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Messages as documents and back. */
final class Documents {
  private static final int LONGEST_ERROR = 4096;

  private Documents() {}

  /**
   * The document of a message that is put.
   *
   * @param seq unique to the put
   */
  static BsonDocument of(Entry entry, long seq) {
    BsonDocument document = new BsonDocument(Fields.ID, new BsonString(entry.key().id()));
    document.put(Fields.SEQ, new BsonInt64(seq));
    document.put(Fields.TOKEN, new BsonInt64(0));
    BsonDocument unset = new BsonDocument();
    progress(entry.progress(), document, unset);
    if (entry.state() == State.BURIED) {
      document.put(Fields.BURIED, new BsonInt64(seq));
    } else {
      document.put(Fields.DUE, date(entry.dueMillis()));
    }
    String schedule = entry.schedule();
    if (schedule != null) {
      Schedules.write(schedule, document);
    }
    Bodies.write(entry.payload(), document);
    return document;
  }

  /** Writes how far a message has come: what is to be set, and what is to be taken away. */
  static void progress(Progress progress, BsonDocument set, BsonDocument unset) {
    set.put(Fields.READY, date(progress.due().toEpochMilli()));
    set.put(Fields.ATTEMPTS, new BsonInt32(progress.attempts()));
    set.put(Fields.SCHEDULED_FOR, date(progress.scheduledFor().toEpochMilli()));
    put(
        Fields.MISSED,
        progress.missed() == 0 ? null : new BsonInt64(progress.missed()),
        set,
        unset);
    String error = progress.lastError();
    put(Fields.LAST_ERROR, error == null ? null : new BsonString(error), set, unset);
  }

  private static void put(
      String field, @Nullable BsonValue value, BsonDocument set, BsonDocument unset) {
    if (value == null) {
      unset.put(field, new BsonString(""));
    } else {
      set.put(field, value);
    }
  }

  /**
   * The message in a document, also in one that was not adopted yet.
   *
   * @param now the store's time, which says whether its lease still runs
   */
  static Entry entry(String queue, BsonDocument document, Instant now) {
    Key key = new Key(queue, document.getString(Fields.ID).getValue());
    Optional<Instant> locked = date(document, Fields.LOCKED).filter(until -> until.isAfter(now));
    boolean buried = document.containsKey(Fields.BURIED);
    Lease lease =
        buried ? null : locked.map(until -> new Lease(token(document), until)).orElse(null);
    return new Entry(
        key,
        Bodies.read(document),
        Schedules.read(document),
        buried ? State.BURIED : lease == null ? State.SCHEDULED : State.LEASED,
        progress(document),
        lease);
  }

  private static Progress progress(BsonDocument document) {
    Instant ready = date(document, Fields.READY).orElse(Instant.EPOCH);
    BsonValue error = document.get(Fields.LAST_ERROR);
    return new Progress(
        ready,
        date(document, Fields.SCHEDULED_FOR).orElse(ready),
        number(document, Fields.MISSED),
        (int) number(document, Fields.ATTEMPTS),
        error == null ? null : error(error));
  }

  /** An error as text; the Clojure Pitstop kept whatever it was given. Null when there is none. */
  static @Nullable String error(BsonValue error) {
    if (error.isNull()) {
      return null;
    }
    String text = error.isString() ? error.asString().getValue() : JsonText.of(error);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_ERROR) {
      return text;
    }
    int end = LONGEST_ERROR;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** The token of the last lease; 0 when there was none. */
  static long token(BsonDocument document) {
    return number(document, Fields.TOKEN);
  }

  static long seq(BsonDocument document) {
    return number(document, Fields.SEQ);
  }

  /** A number of a document; 0 when it is not there or no number. */
  private static long number(BsonDocument document, String field) {
    return document.isNumber(field) ? document.getNumber(field).longValue() : 0;
  }

  static String id(BsonDocument document) {
    return document.getString(Fields.ID).getValue();
  }

  /** A date of a document; empty when it is not there or no date. */
  static Optional<Instant> date(BsonDocument document, String field) {
    return document.isDateTime(field)
        ? Optional.of(Instant.ofEpochMilli(document.getDateTime(field).getValue()))
        : Optional.empty();
  }

  static BsonDateTime date(long millis) {
    return new BsonDateTime(millis);
  }
}
