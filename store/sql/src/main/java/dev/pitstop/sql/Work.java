package dev.pitstop.sql;

import java.sql.Connection;

/**
 * A connection and whose transaction it is in. Used by one thread.
 *
 * @param own whether the transaction is the store's, and ends with what is done; otherwise it is
 *     the application's, whose settings are left alone
 * @param preparing whether statements may be prepared on the server
 * @param lockLimit what bounds how long a statement waits for locks, in the words of the dialect;
 *     empty where nothing does
 * @param isolation the first statement of the transaction, where one sets its isolation; otherwise
 *     empty
 */
record Work(
    Connection connection, boolean own, boolean preparing, String lockLimit, String isolation) {
  /** One in a transaction that brings nothing along. */
  static Work plain(Connection connection, boolean own, boolean preparing) {
    return new Work(connection, own, preparing, "", "");
  }
}
