package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Wakes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the documents that the Clojure Pitstop wrote what they lack to be leased. Thread-safe.
 *
 * <p>Each document is changed by one update, which only takes effect on what was read; so several
 * processes may do it at once, and one that is cut off has done a part that need not be done again.
 * Until it is adopted a message can be found, replaced and removed, and is not emitted.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
  private static final int BATCH = 500;
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

  /** The index that the Clojure Pitstop makes, by which its collections are known. */
  private static final BsonDocument ITS_INDEX =
      new BsonDocument(Fields.READY, new BsonInt32(-1)).append(Fields.LOCKED, new BsonInt32(-1));

  private final Database database;
  private final ServerClock clock;
  private final Sequence sequence;
  private final Wakes wakes;

  Adoption(Database database, ServerClock clock, Sequence sequence, Wakes wakes) {
    this.database = database;
    this.clock = clock;
    this.sequence = sequence;
    this.wakes = wakes;
  }

  /** The queues whose collections the Clojure Pitstop has made. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    for (String collection : database.plain().listCollectionNames()) {
      database
          .queueOf(collection)
          .filter(queue -> isItsOwn(database.queue(queue)))
          .ifPresent(left::add);
    }
    return left;
  }

  private static boolean isItsOwn(MongoCollection<BsonDocument> messages) {
    for (BsonDocument index : messages.listIndexes(BsonDocument.class)) {
      if (isIts(index.getDocument("key"))) {
        return true;
      }
    }
    return false;
  }

  /** Compares by number: some drivers make indexes with doubles. */
  private static boolean isIts(BsonDocument key) {
    return List.copyOf(key.keySet()).equals(List.copyOf(ITS_INDEX.keySet()))
        && key.values().stream().allMatch(way -> way.isNumber() && way.asNumber().intValue() == -1);
  }

  /**
   * Adopts all of a queue that is to be.
   *
   * @return whether the queue has documents of the Clojure Pitstop, or a collection made by it
   */
  boolean adopt(String queue, Queues queues) {
    MongoCollection<BsonDocument> messages = database.queue(queue);
    List<BsonDocument> batch = batch(messages);
    boolean itsOwn = !batch.isEmpty() || isItsOwn(messages);
    if (itsOwn || messages.estimatedDocumentCount() > 0) {
      queues.prepare(queue);
    }
    long adopted = 0;
    for (; !batch.isEmpty(); batch = batch(messages)) {
      adopted += adopt(messages, batch);
      wakes.leasableAt(queue, Filters.EVER);
    }
    if (adopted > 0) {
      LOG.info("{} messages of {} were taken over from the Clojure Pitstop", adopted, queue);
    }
    return itsOwn;
  }

  /** Some that lack what they need; index {due, seq}, whose beginning has what is not due. */
  private static List<BsonDocument> batch(MongoCollection<BsonDocument> messages) {
    BsonDocument filter =
        Filters.message(Filters.notDue()).append(Fields.TOKEN, Filters.exists(false));
    return messages.find(filter).limit(BATCH).into(new ArrayList<>());
  }

  /** Adopts those that still are as they were read; says how many. */
  long adopt(MongoCollection<BsonDocument> messages, List<BsonDocument> batch) {
    long now = clock.millis();
    List<WriteModel<BsonDocument>> models = new ArrayList<>(batch.size());
    for (BsonDocument document : batch) {
      models.add(new UpdateOneModel<>(asRead(document), whatItLacks(document, now)));
    }
    return messages.bulkWrite(models, UNORDERED).getMatchedCount();
  }

  /** The document as long as nobody else has adopted, replaced or moved it. */
  private static BsonDocument asRead(BsonDocument document) {
    return Queues.byId(Documents.id(document))
        .append(Fields.TOKEN, Filters.exists(false))
        .append(Fields.READY, document.get(Fields.READY))
        .append(
            Fields.LOCKED, Objects.requireNonNullElse(document.get(Fields.LOCKED), BsonNull.VALUE));
  }

  private BsonDocument whatItLacks(BsonDocument document, long now) {
    long ready = document.getDateTime(Fields.READY).getValue();
    long locked =
        Documents.date(document, Fields.LOCKED).map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
    BsonDocument set =
        new BsonDocument(Fields.SEQ, new BsonInt64(sequence.next()))
            .append(Fields.TOKEN, new BsonInt64(0))
            .append(Fields.ATTEMPTS, new BsonInt32(0))
            .append(Fields.SCHEDULED_FOR, new BsonDateTime(ready))
            .append(Fields.DUE, new BsonDateTime(Math.max(ready, locked > now ? locked : ready)));
    BsonDocument unset = new BsonDocument();
    if (locked <= now) {
      unset.append(Fields.LOCKED, new BsonString(""));
      unset.append(Fields.LOCKED_BY, new BsonString(""));
    }
    BsonValue error = document.get(Fields.LAST_ERROR);
    String text = error == null ? null : Documents.error(error);
    if (text != null) {
      set.append(Fields.LAST_ERROR, new BsonString(text));
    }
    Schedules.gridOf(document)
        .ifPresent(start -> set.append(Fields.START, Documents.date(start.toEpochMilli())));
    BsonDocument update = new BsonDocument("$set", set);
    return unset.isEmpty() ? update : update.append("$unset", unset);
  }
}
