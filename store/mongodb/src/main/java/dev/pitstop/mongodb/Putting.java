package dev.pitstop.mongodb;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.bulk.BulkWriteUpsert;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.client.result.UpdateResult;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonDocument;

/** Puts messages. Thread-safe. */
final class Putting {
  /*
   * Every put is an upsert by id, so its answer says whether it created the message. It matches no
   * message that another call has settled and is about to delete (see Removing): then the upsert ends
   * with a duplicate id, and is tried again when that message is gone.
   */
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final int LARGEST_BODY = 15 << 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private final Database database;
  private final Queues queues;
  private final Sequence sequence;
  private final Removing removing;
  private final Duration timeout;

  Putting(
      Database database, Queues queues, Sequence sequence, Removing removing, Duration timeout) {
    this.database = database;
    this.queues = queues;
    this.sequence = sequence;
    this.removing = removing;
    this.timeout = timeout;
  }

  List<PutResult> put(List<Put> puts) {
    PutResult[] results = new PutResult[puts.size()];
    long[] numbers = new long[puts.size()];
    Arrays.setAll(numbers, place -> sequence.next());
    for (Rounds.Round round : Rounds.of(puts, put -> put.entry().key())) {
      queues.prepare(round.queue());
      List<Integer> places = new ArrayList<>();
      for (int place : round.places()) {
        int size = puts.get(place).entry().payload().body().length;
        if (size > LARGEST_BODY) {
          results[place] = new PutResult.Refused(tooLarge(size));
        } else {
          places.add(place);
        }
      }
      put(round.queue(), puts, numbers, places, results);
    }
    return List.of(results);
  }

  /**
   * Puts one message in a transaction of the application.
   *
   * @throws com.mongodb.MongoException as the driver does, whose labels tell what to repeat
   */
  PutResult put(ClientSession session, Put put) {
    String queue = put.entry().key().queue();
    int size = put.entry().payload().body().length;
    if (size > LARGEST_BODY) {
      return new PutResult.Refused(tooLarge(size));
    }
    queues.prepare(queue); // before and outside of the transaction
    MongoCollection<BsonDocument> messages = database.queueInTransaction(queue);
    BsonDocument present = Filters.present(put.entry().key().id());
    BsonDocument document = Documents.of(put.entry(), sequence.next());
    UpdateResult result;
    if (put.ifPresent() == IfPresent.REPLACE) {
      ReplaceOptions upsert = new ReplaceOptions().upsert(true);
      result = messages.replaceOne(session, present, document, upsert);
    } else {
      document.remove(Fields.ID);
      BsonDocument create = new BsonDocument("$setOnInsert", document);
      result = messages.updateOne(session, present, create, new UpdateOptions().upsert(true));
    }
    return result.getUpsertedId() != null ? PutResult.CREATED : there(put.ifPresent());
  }

  private static InvalidFieldException tooLarge(int size) {
    return new InvalidFieldException(
        "body", "must be at most " + LARGEST_BODY + " bytes in MongoDB", size + " bytes");
  }

  private void put(
      String queue, List<Put> puts, long[] numbers, List<Integer> places, PutResult[] results) {
    MongoCollection<BsonDocument> messages = database.queue(queue);
    long begun = System.nanoTime();
    List<Integer> left = places;
    boolean again = false;
    while (!left.isEmpty()) {
      List<WriteModel<BsonDocument>> models = new ArrayList<>(left.size());
      for (int place : left) {
        models.add(model(puts.get(place), numbers[place], again));
      }
      left = write(messages, models, puts, left, results);
      again = true;
      if (!left.isEmpty()) {
        awaitGone(messages, left.stream().map(place -> id(puts.get(place))).toList(), begun);
      }
    }
  }

  private static String id(Put put) {
    return put.entry().key().id();
  }

  private static WriteModel<BsonDocument> model(Put put, long number, boolean again) {
    Entry entry = put.entry();
    BsonDocument document = Documents.of(entry, number);
    if (put.unused() && !again) {
      return new InsertOneModel<>(document);
    }
    BsonDocument present = Filters.present(entry.key().id());
    if (put.ifPresent() == IfPresent.REPLACE) {
      return new ReplaceOneModel<>(present, document, new ReplaceOptions().upsert(true));
    }
    document.remove(Fields.ID);
    return new UpdateOneModel<>(
        present, new BsonDocument("$setOnInsert", document), new UpdateOptions().upsert(true));
  }

  /** Writes once; says which are to be tried again because of a duplicate id. */
  private static List<Integer> write(
      MongoCollection<BsonDocument> messages,
      List<WriteModel<BsonDocument>> models,
      List<Put> puts,
      List<Integer> places,
      PutResult[] results) {
    List<BulkWriteError> errors = List.of();
    BulkWriteResult result;
    try {
      result = messages.bulkWrite(models, UNORDERED);
    } catch (MongoBulkWriteException e) {
      if (e.getWriteConcernError() != null) {
        throw e; // written, and not known to be durable
      }
      result = e.getWriteResult();
      errors = e.getWriteErrors();
    }
    for (int i = 0; i < places.size(); i++) {
      Put put = puts.get(places.get(i));
      boolean created = models.get(i) instanceof InsertOneModel;
      results[places.get(i)] = created ? PutResult.CREATED : there(put.ifPresent());
    }
    for (BulkWriteUpsert upsert : result.getUpserts()) {
      results[places.get(upsert.getIndex())] = PutResult.CREATED;
    }
    List<Integer> again = new ArrayList<>();
    for (BulkWriteError error : errors) {
      int place = places.get(error.getIndex());
      if (ErrorCategory.fromErrorCode(error.getCode()) == ErrorCategory.DUPLICATE_KEY) {
        again.add(place);
      } else {
        String message = puts.get(place).entry().key() + " was refused: " + error.getMessage();
        results[place] = new PutResult.Refused(new PitstopException(message));
      }
    }
    return again;
  }

  private static PutResult there(IfPresent ifPresent) {
    return switch (ifPresent) {
      case REPLACE -> PutResult.REPLACED;
      case KEEP -> PutResult.KEPT;
      case FAIL -> PutResult.EXISTS;
    };
  }

  private void awaitGone(MongoCollection<BsonDocument> messages, List<String> ids, long begun) {
    if (System.nanoTime() - begun > timeout.toNanos()) {
      throw new StoreUnavailableException(
          ids.size()
              + " messages could not be put within "
              + timeout
              + ", the first of them "
              + ids.get(0));
    }
    if (removing.finishOthers(messages, ids) == 0) {
      LockSupport.parkNanos(PAUSE);
    }
  }
}
