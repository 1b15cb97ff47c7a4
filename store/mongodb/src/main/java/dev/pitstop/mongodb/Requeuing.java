package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Makes buried messages due, and removes whole queues; both in batches. Thread-safe. */
final class Requeuing {
  private Requeuing() {}

  static boolean requeue(MongoCollection<BsonDocument> messages, String id, long nowMillis) {
    BsonDocument filter = Filters.buried().append(Fields.ID, new BsonString(id));
    return messages.updateOne(filter, dueAt(nowMillis)).getMatchedCount() == 1;
  }

  static long requeueAll(MongoCollection<BsonDocument> messages, long nowMillis) {
    long all = 0;
    while (true) {
      List<String> ids = ids(messages, Filters.buried(), Filters.only(Fields.BURIED));
      if (ids.isEmpty()) {
        return all;
      }
      BsonDocument filter = Filters.buried().append(Fields.ID, Filters.ids(ids).get(Fields.ID));
      all += messages.updateMany(filter, dueAt(nowMillis)).getMatchedCount();
    }
  }

  private static BsonDocument dueAt(long millis) {
    BsonDocument set =
        new BsonDocument(Fields.DUE, Documents.date(millis))
            .append(Fields.READY, Documents.date(millis))
            .append(Fields.ATTEMPTS, new BsonInt32(0));
    BsonDocument unset =
        new BsonDocument(Fields.BURIED, new BsonString(""))
            .append(Fields.MISSED, new BsonString(""));
    return new BsonDocument("$set", set).append("$unset", unset);
  }

  /**
   * Removes what was put up to now.
   *
   * @param last the seq of the last put before
   */
  static long purge(MongoCollection<BsonDocument> messages, long last) {
    BsonDocument upToNow =
        new BsonDocument(
            Fields.SEQ,
            new BsonDocument("$not", new BsonDocument("$gt", new BsonInt64(last)))); // or none yet
    upToNow.append(Fields.GONE, Filters.exists(false));
    long all = 0;
    while (true) {
      List<String> ids = ids(messages, upToNow, new BsonDocument());
      if (ids.isEmpty()) {
        return all;
      }
      BsonDocument some = upToNow.clone().append(Fields.ID, Filters.ids(ids).get(Fields.ID));
      all += messages.deleteMany(some).getDeletedCount();
    }
  }

  private static List<String> ids(
      MongoCollection<BsonDocument> messages, BsonDocument filter, BsonDocument order) {
    return messages
        .find(filter)
        .sort(order)
        .limit(Rounds.LARGEST)
        .projection(Filters.only(Fields.ID))
        .map(Documents::id)
        .into(new ArrayList<>());
  }
}
