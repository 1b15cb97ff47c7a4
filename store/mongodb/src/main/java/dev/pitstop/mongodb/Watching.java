package dev.pitstop.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.UpdateDescription;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.Wakes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.bson.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of what other processes store, and wakes whom it concerns. Thread-safe.
 *
 * <p>A change stream of the database tells it where there is one. Elsewhere, and while a stream is
 * lost, the next due time of each watched queue is asked for at a short interval: the first message
 * of an index. Either is a hint; what both miss is found at the listeners' poll interval.
 */
final class Watching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
  private static final long STREAM_PAUSE = TimeUnit.SECONDS.toNanos(10);

  /** What servers say that have none although they are replicated: no such stage or command. */
  private static final Set<Integer> NO_STREAMS = Set.of(40573, 40324, 59, 20);

  /*
   * Whatever is put, and what gets another due time without being leased. What the server leaves out
   * need not be sent to each process: leases and most settlements.
   */
  private static final List<Bson> PUT_OR_MOVED =
      List.of(
          new JsonObject(
              """
              {"$match": {"$or": [
                {"operationType": {"$in": ["insert", "replace"]},
                 "fullDocument.due": {"$exists": true}},
                {"operationType": "update",
                 "updateDescription.updatedFields.due": {"$exists": true},
                 "updateDescription.updatedFields.locked-by": {"$exists": false}}]}}"""),
          new JsonObject(
              """
              {"$project": {"operationType": 1, "ns": 1, "clusterTime": 1, "fullDocument.due": 1,
               "updateDescription.updatedFields.due": 1,
               "updateDescription.removedFields": 1}}"""));

  private final Database database;
  private final Wakes wakes;
  private final Duration poll;
  private final Duration streamWait;
  private final ConcurrentMap<String, Integer> watched = new ConcurrentHashMap<>();
  private final Thread thread;
  private boolean streams = true;
  private long streamNotBefore;
  private boolean lost;

  /**
   * Watches nothing yet.
   *
   * @param poll how often the next due time is asked for, where there is no change stream
   * @param streamWait how long the server waits for a change before it says that there was none
   */
  Watching(Database database, Wakes wakes, Duration poll, Duration streamWait) {
    this.database = database;
    this.wakes = wakes;
    this.poll = poll;
    this.streamWait = streamWait;
    thread = new Thread(this::run, "pitstop-mongodb-watch");
    thread.setDaemon(true);
  }

  void start() {
    streamNotBefore = System.nanoTime();
    thread.start();
  }

  /** Watches a queue until closed. */
  Store.Subscription watch(String queue) {
    watched.merge(queue, 1, Integer::sum);
    LockSupport.unpark(thread);
    return () -> watched.computeIfPresent(queue, (name, times) -> times == 1 ? null : times - 1);
  }

  /** The first of the index {due, seq}: when something can be leased. */
  static Optional<Instant> nextLeasable(MongoCollection<BsonDocument> messages) {
    BsonDocument first =
        messages
            .find(Filters.message(Filters.leasable()))
            .sort(Filters.only(Fields.DUE, Fields.SEQ))
            .projection(Filters.only(Fields.DUE))
            .first();
    return first == null ? Optional.empty() : Documents.date(first, Fields.DUE);
  }

  private void run() {
    while (!database.isClosed()) {
      try {
        if (watched.isEmpty()) {
          LockSupport.park(this);
        } else if (streams && database.isReplicated() && System.nanoTime() - streamNotBefore >= 0) {
          stream();
        } else {
          watched.keySet().forEach(this::look);
          LockSupport.parkNanos(this, poll.toNanos());
        }
      } catch (RuntimeException e) {
        if (!database.isClosed()) {
          LOG.debug("watching failed and goes on", e); // listeners say it for all
          LockSupport.parkNanos(this, poll.toNanos());
        }
      }
    }
  }

  private void look(String queue) {
    nextLeasable(database.queue(queue))
        .ifPresent(due -> wakes.leasableAt(queue, due.toEpochMilli()));
  }

  /**
   * Reads the stream until it is lost, or nobody watches. The driver resumes it after a failover;
   * one that it gives up is opened anew, and a look at each queue makes up for what came between.
   */
  private void stream() {
    var watch =
        database
            .plain()
            .watch(PUT_OR_MOVED, BsonDocument.class)
            .maxAwaitTime(streamWait.toMillis(), TimeUnit.MILLISECONDS);
    try (MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> changes = watch.cursor()) {
      watched.keySet().forEach(this::look); // for what came before it was open
      if (lost) {
        lost = false;
        LOG.info("the change stream is open again");
      }
      while (!database.isClosed() && !watched.isEmpty()) {
        ChangeStreamDocument<BsonDocument> change = changes.tryNext();
        if (change != null) {
          wake(change);
        }
      }
    } catch (MongoException e) {
      lost(e);
    }
  }

  private void lost(MongoException e) {
    if (database.isClosed()) {
      return;
    }
    streamNotBefore = System.nanoTime() + STREAM_PAUSE;
    if (e instanceof MongoCommandException && NO_STREAMS.contains(e.getCode())) {
      streams = false;
      LOG.debug("no change streams here, next due times are polled", e);
    } else if (!lost) {
      lost = true;
      LOG.info("the change stream is lost; until it is open again next due times are polled", e);
    }
  }

  private void wake(ChangeStreamDocument<BsonDocument> change) {
    if (change.getNamespace() == null) {
      return;
    }
    BsonDocument put = change.getFullDocument();
    UpdateDescription update = change.getUpdateDescription();
    BsonDocument fields = put != null ? put : update == null ? null : update.getUpdatedFields();
    Optional<String> queue = database.queueOf(change.getNamespace().getCollectionName());
    if (fields != null && queue.isPresent()) {
      Documents.date(fields, Fields.DUE)
          .ifPresent(due -> wakes.leasableAt(queue.get(), due.toEpochMilli()));
    }
  }

  @Override
  public void close() {
    LockSupport.unpark(thread);
  }
}
