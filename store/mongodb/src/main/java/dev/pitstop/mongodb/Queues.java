package dev.pitstop.mongodb;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOptions;
import dev.pitstop.spi.ServerClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.conversions.Bson;

/**
 * The collection that names the queues, with a document for each that counts its tokens. Also the
 * indexes of each queue, and the server's clock, which that collection is asked for. Thread-safe.
 */
final class Queues {
  /*
   * Tokens. A lease takes the next number of its queue's document after it has seen which messages are
   * due, and leases those alone that are still the same puts (by seq) and whose token is smaller. All
   * earlier leases of a message, also of one of the same id that was removed since, took their numbers
   * before the message was put as it is now, thus before this one: E04 holds without anything being
   * kept of what was removed.
   *
   * Indexes, and what each answers alone:
   *   {due: 1, seq: 1}   leasing, waiting for the next due time, listing what waits. `due` decides; `seq`
   *                      is there for the order of equal due times (E08), so that a sort needs no memory.
   *                      Documents without `due` are at its beginning, which adoption and sweeping read.
   *   {locked: 1}        sparse, so it holds what is leased and nothing else: counts and lists that.
   *   {buried: 1}        sparse: counts and lists what is buried, in the order of burial.
   */
  private static final List<IndexModel> INDEXES =
      List.of(
          new IndexModel(Filters.only(Fields.DUE, Fields.SEQ)),
          new IndexModel(Filters.only(Fields.LOCKED), new IndexOptions().sparse(true)),
          new IndexModel(Filters.only(Fields.BURIED), new IndexOptions().sparse(true)));

  private static final long QUICKLY_INDEXED = 10_000;
  private static final String TOKENS = "tokens";
  private static final String TIME = "time";

  /** No queue has this name. */
  private static final String CLOCK = ":clock";

  private final Database database;
  private final ServerClock clock;
  private final Set<String> prepared = ConcurrentHashMap.newKeySet();

  Queues(Database database, ServerClock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Names a queue, and makes its indexes unless that may take long: then the upkeep does it. */
  void prepareToPut(String queue) {
    if (!prepared.contains(queue)
        && database.queue(queue).estimatedDocumentCount() <= QUICKLY_INDEXED) {
      prepare(queue);
    }
  }

  /** Names a queue and makes its indexes, however long that takes. */
  void prepare(String queue) {
    if (prepared.contains(queue)) {
      return;
    }
    name(queue);
    database.queue(queue).withTimeout(0, TimeUnit.MILLISECONDS).createIndexes(INDEXES);
    prepared.add(queue);
  }

  private void name(String queue) {
    BsonDocument create =
        new BsonDocument("$setOnInsert", new BsonDocument(TOKENS, new BsonInt64(0)));
    try {
      database.queues().updateOne(byId(queue), create, new UpdateOptions().upsert(true));
    } catch (MongoException e) {
      if (!isDuplicate(e)) {
        throw e; // otherwise someone else has named it at the same time
      }
    }
  }

  /** The queues that were ever used, in no order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (BsonDocument document : database.queues().find().projection(Filters.only(Fields.ID))) {
      String name = Documents.id(document);
      if (!name.equals(CLOCK)) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * A token larger than all that were taken for a queue before.
   *
   * @param seen the largest token of a message to be leased. It is larger only if the queue's
   *     document was lost or comes from a backup.
   */
  long token(String queue, long seen) {
    long token = next(queue, new BsonDocument("$inc", one()));
    if (token <= seen) {
      next(queue, new BsonDocument("$max", new BsonDocument(TOKENS, new BsonInt64(seen))));
      token = next(queue, new BsonDocument("$inc", one()));
    }
    return token;
  }

  private static BsonDocument one() {
    return new BsonDocument(TOKENS, new BsonInt64(1));
  }

  private long next(String queue, BsonDocument update) {
    long before = System.nanoTime();
    BsonDocument document = change(queue, update, WriteConcern.MAJORITY);
    clock.measured(before, System.nanoTime(), 1000 * document.getDateTime(TIME).getValue(), 1000);
    return document.getNumber(TOKENS).longValue();
  }

  /** Asks the server for its time. */
  void measure() {
    long before = System.nanoTime();
    BsonDocument document = change(CLOCK, new BsonDocument(), WriteConcern.W1);
    clock.measured(before, System.nanoTime(), 1000 * document.getDateTime(TIME).getValue(), 1000);
  }

  private BsonDocument change(String id, BsonDocument update, WriteConcern concern) {
    Bson stamped = update.append("$currentDate", new BsonDocument(TIME, BsonBoolean.TRUE));
    FindOneAndUpdateOptions options =
        new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);
    for (int attempt = 0; ; attempt++) {
      try {
        BsonDocument document =
            database
                .queues()
                .withWriteConcern(concern)
                .findOneAndUpdate(byId(id), stamped, options);
        if (document != null) {
          return document;
        }
        throw new MongoException("no answer to findAndModify with upsert of " + id);
      } catch (MongoCommandException e) {
        if (!isDuplicate(e) || attempt > 0) {
          throw e; // two upserts at once: one of them may be told of the other
        }
      }
    }
  }

  static boolean isDuplicate(MongoException e) {
    return ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY;
  }

  static BsonDocument byId(String id) {
    return new BsonDocument(Fields.ID, new BsonString(id));
  }
}
