package dev.pitstop.mongodb;

import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.ServerClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes messages so that each deletion has its own answer. Thread-safe. */
final class Removing {
  /*
   * A bulk write says only how many it deleted in all, and what is deleted cannot be asked. So several
   * are marked first, each if its filter still holds: the mark is what takes effect, since nothing
   * leases, finds or settles what has it. When fewer were marked than sent, the marks are read back.
   * Then the marked ones are deleted. If that does not happen (the process died), a put of the same id
   * or the sweep does it, though not before the marks are old enough that nobody reads them any more.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Removing.class);
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final long READ_WITHIN = TimeUnit.SECONDS.toNanos(1);
  private static final long OLD_MILLIS = 3000;

  private final ServerClock clock;

  Removing(ServerClock clock) {
    this.clock = clock;
  }

  /**
   * Deletes messages.
   *
   * @param filters each of one message, by its id and what must hold for it
   * @return for each whether it did and was deleted by this call
   */
  List<Boolean> remove(MongoCollection<BsonDocument> messages, List<BsonDocument> filters) {
    if (filters.size() == 1) {
      return List.of(messages.deleteOne(filters.get(0)).getDeletedCount() == 1);
    }
    BsonString mark = new BsonString(UUID.randomUUID().toString());
    long begun = System.nanoTime();
    BulkWriteResult marked = messages.bulkWrite(marks(filters, mark), UNORDERED);
    List<String> ids = filters.stream().map(Documents::id).toList();
    Set<String> taken = new HashSet<>(ids);
    if (marked.getMatchedCount() < filters.size()) {
      taken = marked(messages, ids, mark);
      if (taken.size() != marked.getMatchedCount() || System.nanoTime() - begun > READ_WITHIN) {
        throw untold(filters.size());
      }
    }
    if (!taken.isEmpty()) {
      delete(messages, taken, mark);
    }
    return ids.stream().map(taken::contains).toList();
  }

  private List<WriteModel<BsonDocument>> marks(List<BsonDocument> filters, BsonString mark) {
    BsonDocument set =
        new BsonDocument(Fields.GONE, mark).append(Fields.GONE_AT, Documents.date(clock.millis()));
    BsonDocument unset = new BsonDocument();
    for (String field : List.of(Fields.DUE, Fields.LOCKED, Fields.LOCKED_BY, Fields.BURIED)) {
      unset.put(field, new BsonString(""));
    }
    BsonDocument update = new BsonDocument("$set", set).append("$unset", unset);
    List<WriteModel<BsonDocument>> marks = new ArrayList<>(filters.size());
    filters.forEach(filter -> marks.add(new UpdateOneModel<>(filter, update)));
    return marks;
  }

  private static Set<String> marked(
      MongoCollection<BsonDocument> messages, List<String> ids, BsonString mark) {
    Set<String> marked = new HashSet<>();
    for (BsonDocument document :
        messages
            .find(Filters.ids(ids).append(Fields.GONE, mark))
            .projection(Filters.only(Fields.ID))) {
      marked.add(Documents.id(document));
    }
    return marked;
  }

  private static void delete(
      MongoCollection<BsonDocument> messages, Set<String> ids, BsonString mark) {
    try {
      messages.deleteMany(Filters.ids(ids).append(Fields.GONE, mark));
    } catch (MongoException e) {
      // they are removed already for all who look; the sweep deletes them
      LOG.debug("{} removed messages are left to be swept", ids.size(), e);
    }
  }

  /** Deletes what other calls have removed some time ago and left; says how many. */
  long finishOthers(MongoCollection<BsonDocument> messages, List<String> ids) {
    return messages.deleteMany(old(Filters.ids(ids))).getDeletedCount();
  }

  /** Deletes all that other calls have removed some time ago and left; says how many. */
  long sweep(MongoCollection<BsonDocument> messages) {
    return messages.deleteMany(old(Filters.notDue())).getDeletedCount();
  }

  private BsonDocument old(BsonDocument filter) {
    return filter
        .append(Fields.GONE, Filters.exists(true))
        .append(
            Fields.GONE_AT, new BsonDocument("$lt", Documents.date(clock.millis() - OLD_MILLIS)));
  }

  /** The failure that is honest when nobody can know any more. */
  static StoreUnavailableException untold(int of) {
    return new StoreUnavailableException(
        "cannot tell which of "
            + of
            + " changes took effect: others changed their messages at once");
  }
}
