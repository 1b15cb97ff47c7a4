package dev.pitstop.mongodb;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import dev.pitstop.spi.DeliveryDoor;

/**
 * What MongoDB offers for a delivery besides: an ack in a transaction with the application's own
 * documents, so that both land or neither does. From {@code delivery.unwrap(MongoDelivery.class)}.
 * Thread-safe; a session is not.
 */
public final class MongoDelivery {
  private final Database database;
  private final Settling settling;
  private final DeliveryDoor door;

  MongoDelivery(Database database, Settling settling, DeliveryDoor door) {
    this.database = database;
    this.settling = settling;
    this.door = door;
  }

  /** The store's client, whose sessions this takes. It is closed with the store. */
  public MongoClient client() {
    return database.client();
  }

  /**
   * Acks in the session's transaction. The handler then returns when that is committed, and throws
   * when it is not.
   *
   * @param session of {@link #client}
   * @return false when the lease was lost: nothing is acked, and the transaction is best aborted
   */
  public boolean ack(ClientSession session) {
    boolean took = settling.settle(session, door.ack());
    if (took) {
      door.acked();
    }
    return took;
  }
}
