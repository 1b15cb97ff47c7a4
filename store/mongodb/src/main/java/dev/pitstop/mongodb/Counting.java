package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CountOptions;
import dev.pitstop.Filter;
import dev.pitstop.QueueStats;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.BsonDocument;

/** Counts what a queue holds, without reading the messages. */
final class Counting {
  private Counting() {}

  /** The counts of a queue; those that wait are what the collection holds besides. */
  static QueueStats stats(
      MongoCollection<BsonDocument> messages, String queue, long nowMillis, boolean paused) {
    long buried = messages.countDocuments(Filters.buried());
    long leased = messages.countDocuments(Filters.leased(nowMillis));
    long all = messages.estimatedDocumentCount(); // the collection's own count
    return new QueueStats(
        queue,
        Math.max(0, all - buried - leased),
        leased,
        buried,
        nextDue(messages, nowMillis),
        paused);
  }

  /** How much is due within each window between edges, each counted up to a limit. */
  static List<Long> due(
      MongoCollection<BsonDocument> messages, List<Instant> edges, int most, long nowMillis) {
    Filter all = window(edges.get(0), edges.get(edges.size() - 1));
    boolean anyLeased = leased(messages, all, 1, nowMillis) > 0;
    return IntStream.range(1, edges.size())
        .mapToObj(
            i -> {
              Filter window = window(edges.get(i - 1), edges.get(i));
              long count = waiting(messages, window, most, nowMillis);
              return anyLeased && count < most
                  ? count + leased(messages, window, (int) (most - count), nowMillis)
                  : count;
            })
        .toList();
  }

  private static Filter window(Instant first, Instant end) {
    return Filter.ALL.dueFrom(first).dueBefore(end);
  }

  /** What waits: a range of the index {due, seq}. */
  private static long waiting(
      MongoCollection<BsonDocument> messages, Filter window, int most, long nowMillis) {
    BsonDocument filter =
        Filters.notLeased(nowMillis)
            .append(Fields.DUE, Filters.dates("$gte", window.firstMillis(), window.endMillis()));
    return messages.countDocuments(filter, new CountOptions().limit(most));
  }

  /** What is leased, which is little: index {locked}. */
  private static long leased(
      MongoCollection<BsonDocument> messages, Filter window, int most, long nowMillis) {
    BsonDocument filter =
        Filters.leased(nowMillis)
            .append(Fields.READY, Filters.dates("$gte", window.firstMillis(), window.endMillis()));
    return messages.countDocuments(filter, new CountOptions().limit(most));
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
