package dev.pitstop.sql;

import java.sql.Connection;

/**
 * A connection and whose transaction it is in. Used by one thread.
 *
 * @param own whether the transaction is the store's, and ends with what is done; otherwise it is
 *     the application's, whose settings are left alone
 * @param preparing whether statements may be prepared on the server
 */
record Work(Connection connection, boolean own, boolean preparing) {}
