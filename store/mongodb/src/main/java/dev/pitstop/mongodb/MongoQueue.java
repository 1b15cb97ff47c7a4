package dev.pitstop.mongodb;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.MessageExistsException;
import dev.pitstop.Schedule;
import dev.pitstop.Stored;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Wakes;

/**
 * What MongoDB offers for a queue besides: storing in a transaction with the application's own
 * documents. From {@code queue.unwrap(MongoQueue.class)}. Thread-safe; a session is not.
 *
 * <p>Transactions need a replica set or a sharded cluster. What the driver throws is passed on as
 * it is, so that {@link ClientSession#withTransaction} repeats what can be repeated.
 */
public final class MongoQueue {
  private final Database database;
  private final Putting putting;
  private final Wakes wakes;
  private final QueueDoor door;

  MongoQueue(Database database, Putting putting, Wakes wakes, QueueDoor door) {
    this.database = database;
    this.putting = putting;
    this.wakes = wakes;
    this.door = door;
  }

  /** The store's client, whose sessions these methods take. It is closed with the store. */
  public MongoClient client() {
    return database.client();
  }

  /** Stores a message in the session's transaction; one of the same id is replaced. */
  public Stored store(ClientSession session, Message<?> message, Schedule schedule) {
    return store(session, message, schedule, IfPresent.REPLACE);
  }

  /**
   * Stores a message in the session's transaction. It is there once that is committed.
   *
   * @param session of {@link #client}
   * @throws MessageExistsException when the id is there and {@code ifPresent} is {@link
   *     IfPresent#FAIL}; the transaction goes on
   * @throws dev.pitstop.PitstopException when the message is out of bounds; the transaction goes on
   */
  public Stored store(
      ClientSession session, Message<?> message, Schedule schedule, IfPresent ifPresent) {
    Put put = door.put(message, schedule, ifPresent);
    Entry entry = put.entry();
    PutResult result = putting.put(session, put);
    if (result instanceof PutResult.Refused refused) {
      throw refused.failure();
    }
    // a hint only: what is not committed yet is heard of by the change stream
    wakes.leasableAt(door.queue(), entry.dueMillis());
    String id = entry.key().id();
    return switch (((PutResult.Done) result).outcome()) {
      case CREATED -> new Stored(id, Stored.Outcome.CREATED);
      case REPLACED -> new Stored(id, Stored.Outcome.REPLACED);
      case KEPT -> new Stored(id, Stored.Outcome.KEPT);
      case EXISTS -> throw new MessageExistsException(door.queue(), id);
    };
  }
}
