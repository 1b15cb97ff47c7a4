package dev.pitstop.sql;

import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.MessageExistsException;
import dev.pitstop.Schedule;
import dev.pitstop.Stored;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What an SQL database offers for a queue besides: storing in a transaction with the application's
 * own rows. From {@code queue.unwrap(SqlQueue.class)}. Thread-safe; a connection is not.
 *
 * <p>What is stored is there, and wakes listeners, once the transaction is committed; when it is
 * rolled back, nothing was. The connection is one of the application's to the same database, as the
 * user of the tables, and not in auto-commit mode.
 */
public final class SqlQueue {
  private final Writes writes;
  private final QueueDoor door;

  SqlQueue(Writes writes, QueueDoor door) {
    this.writes = writes;
    this.door = door;
  }

  /** Stores a message for an instant in the connection's transaction; one of its id is replaced. */
  public Stored store(Message<?> message, Instant when, Connection connection) throws SQLException {
    return store(message, Schedule.at(when), connection);
  }

  /** Stores a message in the connection's transaction; one of the same id is replaced. */
  public Stored store(Message<?> message, Schedule schedule, Connection connection)
      throws SQLException {
    return store(message, schedule, IfPresent.REPLACE, connection);
  }

  /**
   * Stores a message in the connection's transaction.
   *
   * @param connection in a transaction, that is not in auto-commit mode
   * @throws MessageExistsException when the id is there and {@code ifPresent} is {@link
   *     IfPresent#FAIL}; the transaction goes on
   * @throws dev.pitstop.PitstopException when the message is out of bounds, or the connection in
   *     auto-commit mode; the transaction goes on
   * @throws SQLException as the driver does; the transaction is best rolled back
   */
  public Stored store(
      Message<?> message, Schedule schedule, IfPresent ifPresent, Connection connection)
      throws SQLException {
    SqlDelivery.checkTransaction(connection);
    Put put = door.put(message, schedule, ifPresent);
    String id = put.entry().key().id();
    PutResult result = writes.put(connection, put);
    if (result instanceof PutResult.Refused refused) {
      throw refused.failure();
    }
    return switch (((PutResult.Done) result).outcome()) {
      case CREATED -> new Stored(id, Stored.Outcome.CREATED);
      case REPLACED -> new Stored(id, Stored.Outcome.REPLACED);
      case KEPT -> new Stored(id, Stored.Outcome.KEPT);
      case EXISTS -> throw new MessageExistsException(door.queue(), id);
    };
  }
}
