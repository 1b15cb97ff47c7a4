package dev.pitstop.mongodb;

import dev.pitstop.spi.IdRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The shapes of the queries, each with the index that answers it.
 *
 * <p>All conditions on what waits are ranges of {@code due}, compared with dates only, so that
 * documents without it are outside. None needs to know which shard a message is on: those by id go
 * to its shard, the others to all, and a sorted one merges what each shard has sorted.
 */
final class Filters {
  /** Before all dates that are stored. */
  static final long EVER = -62_135_596_800_000L;

  private static final BsonDocument DUE_BY_SERVER = pastByServer(Fields.DUE);
  private static final BsonDocument NOT_LEASED_BY_SERVER = pastByServer(Fields.LOCKED);

  private Filters() {}

  /** That a field is a date that has come, or is not there. */
  private static BsonDocument pastByServer(String field) {
    return new BsonDocument(
        "$lte", new BsonArray(List.of(new BsonString("$" + field), new BsonString("$$NOW"))));
  }

  /**
   * What may be due, as far as this machine knows the server's time: index {due, seq}, from its
   * first date to now. Sorted by due and seq it comes in the order of the index.
   */
  static BsonDocument due(long nowMillis) {
    BsonDocument range =
        new BsonDocument("$gte", Documents.date(EVER)).append("$lte", Documents.date(nowMillis));
    return new BsonDocument(Fields.DUE, range);
  }

  /**
   * Those of some messages that are due by the server's own clock and stand as they were read:
   * index {_id}.
   *
   * @param seqs of the puts that were read; of a message that was put anew it is another
   * @param token larger than the message's last one
   */
  static BsonDocument stillDue(List<String> ids, List<BsonInt64> seqs, long token) {
    return ids(ids)
        .append(Fields.SEQ, in(Fields.SEQ, seqs).get(Fields.SEQ))
        .append(Fields.TOKEN, new BsonDocument("$lt", new BsonInt64(token)))
        .append(Fields.DUE, leasable().get(Fields.DUE))
        .append("$expr", DUE_BY_SERVER);
  }

  /** What can be leased now or later: index {due, seq}, of which the first is read. */
  static BsonDocument leasable() {
    return new BsonDocument(Fields.DUE, new BsonDocument("$gte", Documents.date(EVER)));
  }

  /** What is leased: index {locked}, from now on. */
  static BsonDocument leased(long nowMillis) {
    return new BsonDocument(Fields.LOCKED, new BsonDocument("$gt", Documents.date(nowMillis)));
  }

  /** What waits, a lease that has run out included; for use beside a range of {@code due}. */
  static BsonDocument notLeased(long nowMillis) {
    return new BsonDocument(
        Fields.LOCKED,
        new BsonDocument("$not", new BsonDocument("$gt", Documents.date(nowMillis))));
  }

  /** A message that no lease keeps by the server's own clock: index {_id}. */
  static BsonDocument notKept(String id) {
    return present(id).append("$expr", NOT_LEASED_BY_SERVER);
  }

  /**
   * A range of dates.
   *
   * @param end {@link Long#MAX_VALUE} for none
   */
  static BsonDocument dates(String bound, long first, long end) {
    BsonDocument range = new BsonDocument(bound, Documents.date(Math.max(EVER, first)));
    return end == Long.MAX_VALUE ? range : range.append("$lt", Documents.date(end));
  }

  /** Messages within a range of ids: index {_id}, in its order. */
  static BsonDocument within(IdRange ids) {
    BsonDocument range =
        ids.after().isEmpty()
            ? new BsonDocument("$gte", new BsonString(ids.first()))
            : new BsonDocument("$gt", new BsonString(ids.after()));
    ids.end().ifPresent(end -> range.append("$lt", new BsonString(end)));
    return new BsonDocument(Fields.ID, range)
        .append(Fields.READY, ofType("date"))
        .append(Fields.GONE, exists(false));
  }

  /** What is buried: index {buried}. */
  static BsonDocument buried() {
    return new BsonDocument(Fields.BURIED, new BsonDocument("$gte", new BsonInt64(0)));
  }

  /** A message that is there, not one that another call is deleting: index {_id}. */
  static BsonDocument present(String id) {
    return Queues.byId(id).append(Fields.GONE, exists(false));
  }

  /** A message whose lease was given this token and was not settled: index {_id}. */
  static BsonDocument heldBy(String id, long token) {
    return Queues.byId(id)
        .append(Fields.TOKEN, new BsonInt64(token))
        .append(Fields.LOCKED_BY, exists(true));
  }

  /** A filter that leaves out what others keep in a queue's collection. */
  static BsonDocument message(BsonDocument filter) {
    return filter.append(Fields.READY, ofType("date")).append(Fields.ID, ofType("string"));
  }

  private static BsonDocument ofType(String type) {
    return new BsonDocument("$type", new BsonString(type));
  }

  static BsonDocument ids(Collection<String> ids) {
    List<BsonValue> values = new ArrayList<>(ids.size());
    ids.forEach(id -> values.add(new BsonString(id)));
    return in(Fields.ID, values);
  }

  static BsonDocument in(String field, List<? extends BsonValue> values) {
    return new BsonDocument(field, new BsonDocument("$in", new BsonArray(values)));
  }

  static BsonDocument exists(boolean there) {
    return new BsonDocument("$exists", BsonBoolean.valueOf(there));
  }

  /** A projection of some fields. */
  static BsonDocument only(String... fields) {
    BsonDocument projection = new BsonDocument();
    for (String field : fields) {
      projection.put(field, new BsonInt32(1));
    }
    return projection;
  }

  /** The beginning of the index {due, seq}: what has no {@code due}. */
  static BsonDocument notDue() {
    return new BsonDocument(Fields.DUE, BsonNull.VALUE);
  }
}
