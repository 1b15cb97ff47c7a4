package dev.pitstop.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.UpdateOptions;
import java.util.HashSet;
import java.util.Set;
import org.bson.BsonDocument;

/** The collection of the queues that are paused, with a document for each. Thread-safe. */
final class Pausing {
  private final Database database;

  Pausing(Database database) {
    this.database = database;
  }

  /** Pauses a queue or resumes it; says whether that changed anything. */
  boolean pause(String queue, boolean paused) {
    BsonDocument byId = Queues.byId(queue);
    if (!paused) {
      return database.paused().deleteOne(byId).getDeletedCount() == 1;
    }
    BsonDocument create = new BsonDocument("$setOnInsert", byId);
    try {
      return database
              .paused()
              .updateOne(byId, create, new UpdateOptions().upsert(true))
              .getUpsertedId()
          != null;
    } catch (MongoException e) {
      if (!Queues.isDuplicate(e)) {
        throw e;
      }
      return false; // someone else has paused it at the same time
    }
  }

  Set<String> paused() {
    return database.paused().find().map(Documents::id).into(new HashSet<>());
  }
}
