package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import java.time.Instant;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Makes a message that waits or is buried due at an instant. Thread-safe. */
final class Rescheduling {
  /*
   * Whether a message recurs changes with a put only, so what was read of it is held by its seq. That no
   * lease keeps it is decided by the server's clock within the update. A message that was put anew
   * between the two is looked at again; one that is as it was read, and was not matched, is leased.
   */
  private static final BsonDocument WITHOUT_BODY =
      new BsonDocument(Fields.MSG, new BsonInt32(0)).append(Fields.MSG_TEXT, new BsonInt32(0));

  private final Database database;
  private final Adoption adoption;

  Rescheduling(Database database, Adoption adoption) {
    this.database = database;
    this.adoption = adoption;
  }

  boolean reschedule(String queue, String id, Instant due) {
    MongoCollection<BsonDocument> messages = database.queue(queue);
    long tried = Long.MIN_VALUE; // the seq of the put that was looked at before
    while (true) {
      BsonDocument document = messages.find(Filters.present(id)).projection(WITHOUT_BODY).first();
      if (document == null || !document.isDateTime(Fields.READY)) {
        return false;
      }
      if (!document.containsKey(Fields.TOKEN)) {
        adoption.adopt(messages, List.of(document));
        continue;
      }
      long seq = Documents.seq(document);
      if (seq == tried) {
        return false;
      }
      BsonDocument filter = Filters.notKept(id).append(Fields.SEQ, new BsonInt64(seq));
      if (messages.updateOne(filter, change(document, due)).getMatchedCount() == 1) {
        return true;
      }
      tried = seq;
    }
  }

  private static BsonDocument change(BsonDocument document, Instant due) {
    BsonValue date = Documents.date(due.toEpochMilli());
    BsonDocument set =
        new BsonDocument(Fields.DUE, date)
            .append(Fields.READY, date)
            .append(Fields.ATTEMPTS, new BsonInt32(0));
    if (Schedules.read(document) == null) {
      set.append(Fields.SCHEDULED_FOR, date);
    }
    BsonDocument unset = new BsonDocument();
    for (String field :
        List.of(Fields.LAST_ERROR, Fields.BURIED, Fields.LOCKED, Fields.LOCKED_BY)) {
      unset.put(field, new BsonString(""));
    }
    return new BsonDocument("$set", set).append("$unset", unset);
  }
}
