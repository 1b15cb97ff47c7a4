package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/** Makes a page of what a queue holds. Not thread-safe. */
final class Listing {
  /*
   * What waits comes in the order of the index {due, seq}; what is leased, which is little, by {locked}
   * and is sorted by the server; the two are merged here. What is buried follows in the order of its index.
   * A waiting message whose lease has run out stands where its lease ended.
   */
  static final int BATCH = 100;

  /** So many bytes of bodies are listed at once at most, but always one message. */
  static final long BODIES_MOST = 32L << 20;

  private final MongoCollection<BsonDocument> messages;
  private final String queue;
  private final Instant now;
  private final int limit;
  private final List<Entry> items = new ArrayList<>();
  private Place last;
  private long bodies;
  private boolean more;

  Listing(
      MongoCollection<BsonDocument> messages, String queue, Instant now, Place after, int limit) {
    this.messages = messages;
    this.queue = queue;
    this.now = now;
    this.last = after;
    this.limit = limit;
  }

  /** A stream of documents with the place of its first. */
  private static final class Stream implements AutoCloseable {
    private final MongoCursor<BsonDocument> cursor;
    private final Function<BsonDocument, Place> place;
    private @Nullable BsonDocument first;

    Stream(MongoCursor<BsonDocument> cursor, Function<BsonDocument, Place> place) {
      this.cursor = cursor;
      this.place = place;
      advance();
    }

    void advance() {
      first = cursor.hasNext() ? cursor.next() : null;
    }

    boolean isBefore(Stream other) {
      if (first == null) {
        return false;
      }
      return other.first == null
          || place.apply(first).compareTo(other.place.apply(other.first)) <= 0;
    }

    @Override
    public void close() {
      cursor.close();
    }
  }

  Page<Entry> page(Filter filter) {
    if (!last.aside() && (filter.scheduled() || filter.leased())) {
      Place start = Place.before(filter.firstMillis());
      last = start.compareTo(last) > 0 ? start : last;
      live(filter);
    }
    if (!more && filter.buried()) {
      buried();
    }
    return new Page<>(items, more ? Optional.of(last.toString()) : Optional.empty());
  }

  private void live(Filter filter) {
    long end = filter.endMillis();
    try (Stream waiting = waiting(filter.scheduled() ? limit + 1 : 0, end);
        Stream leased = leased(filter.leased() ? limit + 1 : 0, end)) {
      while (!more) {
        Stream next = waiting.isBefore(leased) ? waiting : leased;
        if (next.first == null) {
          return;
        }
        add(next);
      }
    }
  }

  private Stream waiting(int most, long end) {
    BsonDocument filter =
        Filters.notLeased(now.toEpochMilli()).append("$or", behind(Fields.DUE, last, end));
    return stream(most, filter, Filters.only(Fields.DUE, Fields.SEQ), place(Fields.DUE));
  }

  private Stream leased(int most, long end) {
    BsonDocument filter =
        Filters.leased(now.toEpochMilli()).append("$or", behind(Fields.READY, last, end));
    return stream(most, filter, Filters.only(Fields.READY, Fields.SEQ), place(Fields.READY));
  }

  private void buried() {
    long after = last.aside() ? last.number() : -1;
    BsonDocument filter =
        new BsonDocument(Fields.BURIED, new BsonDocument("$gt", new BsonInt64(after)));
    try (Stream buried =
        stream(
            limit + 1,
            filter,
            Filters.only(Fields.BURIED),
            document -> Place.buried(document.getNumber(Fields.BURIED).longValue()))) {
      while (!more && buried.first != null) {
        add(buried);
      }
    }
  }

  private Stream stream(
      int most, BsonDocument filter, BsonDocument order, Function<BsonDocument, Place> place) {
    BsonDocument none = new BsonDocument(Fields.ID, new BsonDocument("$in", new BsonArray()));
    return new Stream(
        messages
            .find(most == 0 ? none : filter)
            .sort(order)
            .limit(most)
            .batchSize(BATCH)
            .iterator(),
        place);
  }

  private void add(Stream stream) {
    BsonDocument document = stream.first;
    if (document == null) {
      return;
    }
    if (items.size() >= limit || bodies >= BODIES_MOST) {
      more = true;
      return;
    }
    last = stream.place.apply(document);
    Entry entry = Documents.entry(queue, document, now);
    items.add(entry);
    bodies += entry.payload().body().length;
    stream.advance();
  }

  private static Function<BsonDocument, Place> place(String time) {
    return document -> Place.live(document.getDateTime(time).getValue(), Documents.seq(document));
  }

  /** Two ranges of the index, of which each comes in its order; both end before a time. */
  private static BsonArray behind(String time, Place place, long end) {
    BsonDocument later = new BsonDocument(time, Filters.dates("$gt", place.at(), end));
    BsonDocument same =
        new BsonDocument(time, Filters.dates("$eq", place.at(), end))
            .append(Fields.SEQ, new BsonDocument("$gt", new BsonInt64(place.number())));
    return new BsonArray(List.of(later, same));
  }
}
