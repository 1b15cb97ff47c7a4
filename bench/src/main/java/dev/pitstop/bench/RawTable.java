package dev.pitstop.bench;

import java.sql.SQLException;

/**
 * The floor: bare statements on a plain table with the payload of a message, its id, its due time
 * and a lease, and nothing else. Used by one thread.
 */
interface RawTable extends AutoCloseable {
  String QUEUE = "bench";

  /** Inserts messages with random UUIDs that are all due then, in one transaction. */
  void put(int count, long dueMillis) throws SQLException;

  /** Leases what is due, in order and up to so many, reads it and deletes it; how many it was. */
  int take(int most) throws SQLException;

  @Override
  void close() throws SQLException;

  /** Reads a body as a listener would get it. */
  static void check(byte[] body) {
    if (body.length != Traffic.body().length) {
      throw new IllegalStateException("a body of " + body.length + " bytes came back");
    }
  }
}
