package dev.pitstop.bench;

import java.sql.Connection;
import java.sql.SQLException;

/** A private database server to measure on, of one kind and with nothing in it before. */
interface SqlServer extends AutoCloseable {
  void createDatabase(String database);

  void dropDatabase(String database) throws SQLException;

  /** What Pitstop opens. */
  String address(String database);

  String jdbcUrl(String database);

  /** Makes the plain table that is the floor. */
  void createRawTable(Connection connection) throws SQLException;

  /** The plain table through a connection, which is closed with it. */
  RawTable rawTable(Connection connection) throws SQLException;

  /** Has the server look at all tables of a database, so that it plans by what they hold. */
  void analyse(Connection connection) throws SQLException;

  /** A query for the number of other sessions that run a statement; its parameter a database. */
  String busySessions();

  /** Ends the server and removes its data. */
  @Override
  void close();
}
