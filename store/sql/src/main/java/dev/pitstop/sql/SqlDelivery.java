package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.DeliveryDoor;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What an SQL database offers for a delivery besides: an ack in a transaction with the
 * application's own rows, so that both land or neither does. From {@code
 * delivery.unwrap(SqlDelivery.class)}. Thread-safe; a connection is not.
 */
public final class SqlDelivery {
  private final Writes writes;
  private final DeliveryDoor door;

  SqlDelivery(Writes writes, DeliveryDoor door) {
    this.writes = writes;
    this.door = door;
  }

  /**
   * Acks in the connection's transaction. The handler then returns when that is committed, and
   * throws when it is not. Where it acks by hand, {@link dev.pitstop.Delivery#ack()} after the
   * commit ends the delivery, and writes nothing more.
   *
   * @param connection in a transaction, that is not in auto-commit mode
   * @return false when the lease was lost: nothing is acked, and the transaction is best rolled
   *     back
   * @throws InvalidFieldException when the connection is in auto-commit mode
   * @throws SQLException as the driver does; the transaction is best rolled back
   */
  public boolean ack(Connection connection) throws SQLException {
    checkTransaction(connection);
    boolean took = writes.settle(connection, door.ack());
    if (took) {
      door.acked();
    }
    return took;
  }

  static void checkTransaction(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new InvalidFieldException(
          "connection",
          "must be in a transaction of yours",
          "in auto-commit mode; setAutoCommit(false) begins one");
    }
  }
}
