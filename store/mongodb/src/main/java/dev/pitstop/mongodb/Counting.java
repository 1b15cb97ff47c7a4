package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import dev.pitstop.QueueStats;
import java.time.Instant;
import java.util.Optional;
import org.bson.BsonDocument;

/** Counts what a queue holds, without reading what waits. */
final class Counting {
  private Counting() {}

  /** The counts of a queue; those that wait are what the collection holds besides. */
  static QueueStats stats(MongoCollection<BsonDocument> messages, String queue, long nowMillis) {
    long buried = messages.countDocuments(Filters.buried());
    long leased = messages.countDocuments(Filters.leased(nowMillis));
    long all = messages.estimatedDocumentCount(); // the collection's own count
    return new QueueStats(
        queue, Math.max(0, all - buried - leased), leased, buried, nextDue(messages, nowMillis));
  }

  /** The first that waits in the index {due, seq}, past what is leased. */
  private static Optional<Instant> nextDue(MongoCollection<BsonDocument> messages, long nowMillis) {
    BsonDocument first =
        messages
            .find(
                Filters.leasable()
                    .append(Fields.LOCKED, Filters.notLeased(nowMillis).get(Fields.LOCKED)))
            .sort(Filters.only(Fields.DUE, Fields.SEQ))
            .projection(Filters.only(Fields.READY))
            .first();
    return first == null ? Optional.empty() : Documents.date(first, Fields.READY);
  }
}
