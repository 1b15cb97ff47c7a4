package dev.pitstop.mongodb;

import dev.pitstop.Every;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Missed;
import dev.pitstop.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** The schedule of a recurring message, as fields of its document and back. */
final class Schedules {
  private Schedules() {}

  /**
   * Writes a schedule's text: an interval by its parts, beside the text if they do not tell all.
   */
  static void write(String text, BsonDocument document) {
    Every every = every(text);
    if (every != null) {
      document.put(Fields.RECUR, new BsonInt64(every.interval().toMillis()));
      every.start().ifPresent(start -> document.put(Fields.START, date(start)));
      every.until().ifPresent(until -> document.put(Fields.EXPIRE, date(until)));
    }
    if (!text.equals(ofInterval(document))) {
      document.put(Fields.SCHEDULE, new BsonString(text));
    }
  }

  /** The text of a message's schedule; null when it is emitted once. */
  static @Nullable String read(BsonDocument document) {
    return document.isString(Fields.SCHEDULE)
        ? document.getString(Fields.SCHEDULE).getValue()
        : ofInterval(document);
  }

  /**
   * The schedule of the interval in a document; null when there is none. Without a start, as in
   * those of the Clojure Pitstop, the grid goes through {@code ready}.
   */
  private static @Nullable String ofInterval(BsonDocument document) {
    if (!document.isNumber(Fields.RECUR)) {
      return null;
    }
    long interval = document.getNumber(Fields.RECUR).longValue();
    Optional<Instant> start = Documents.date(document, Fields.START);
    Optional<Instant> end = Documents.date(document, Fields.EXPIRE);
    if (start.isEmpty() && !document.containsKey(Fields.SEQ)) {
      start = gridOf(document);
    }
    try {
      return new Every(Duration.ofMillis(interval), start, end, Missed.EACH).toString();
    } catch (InvalidFieldException e) {
      // unreadable as it is: said at its emission, which buries it with the reason
      return "every " + interval + "ms from " + start.orElse(null) + " until " + end.orElse(null);
    }
  }

  /** Where the grid of a document of the Clojure Pitstop begins; empty when it does not recur. */
  static Optional<Instant> gridOf(BsonDocument document) {
    if (!document.isNumber(Fields.RECUR)) {
      return Optional.empty();
    }
    long interval = document.getNumber(Fields.RECUR).longValue();
    Optional<Instant> end = Documents.date(document, Fields.EXPIRE);
    return Documents.date(document, Fields.READY).map(ready -> before(ready, interval, end));
  }

  /** The last occurrence of a grid before its end, from an occurrence that lies beyond. */
  private static Instant before(Instant ready, long interval, Optional<Instant> end) {
    if (interval < 1 || end.isEmpty() || ready.isBefore(end.get())) {
      return ready;
    }
    long beyond = Duration.between(end.get(), ready).toMillis();
    return ready.minusMillis((beyond / interval + 1) * interval);
  }

  private static @Nullable Every every(String text) {
    if (!text.startsWith("every ")) {
      return null;
    }
    try {
      return (Every) Schedule.parse(text);
    } catch (InvalidFieldException e) {
      return null;
    }
  }

  private static BsonDateTime date(Instant instant) {
    return new BsonDateTime(instant.toEpochMilli());
  }
}
