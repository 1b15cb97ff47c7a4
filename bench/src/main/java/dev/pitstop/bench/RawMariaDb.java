package dev.pitstop.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** The floor on MariaDB: a lease moves the due time; read committed, so that none waits long. */
final class RawMariaDb implements RawTable {
  private static final String INSERT = "insert into raw(queue, id, due, seq, body) values ";

  private final Connection connection;
  private long seq;

  /** Statements that are committed together. */
  private interface Transaction<T> {
    T run() throws SQLException;
  }

  RawMariaDb(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
  }

  static void createTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table raw(
            queue varbinary(128) not null, id varbinary(512) not null,
            due bigint not null, seq bigint not null, body longblob not null, primary key(queue, id), key due(queue, due, seq))""");
    }
  }

  @Override
  public void put(int count, long dueMillis) throws SQLException {
    String rows = String.join(",", Collections.nCopies(count, "(?,?,?,?,?)"));
    try (PreparedStatement insert = connection.prepareStatement(INSERT + rows)) {
      int parameter = 1;
      for (int i = 0; i < count; i++) {
        insert.setString(parameter++, QUEUE);
        insert.setString(parameter++, UUID.randomUUID().toString());
        insert.setLong(parameter++, dueMillis);
        insert.setLong(parameter++, seq++);
        insert.setBytes(parameter++, Traffic.body());
      }
      insert.executeUpdate();
    }
    connection.commit();
  }

  @Override
  public int take(int most) throws SQLException {
    List<String> ids = committed(() -> lease(most));
    if (ids.isEmpty()) {
      return 0;
    }
    Collections.sort(ids); // one order for all who delete
    return committed(() -> onEach("delete from raw", ids));
  }

  private List<String> lease(int most) throws SQLException {
    long now = System.currentTimeMillis();
    List<String> ids = dueIds(now, most);
    if (!ids.isEmpty()) {
      onEach("update raw set due = " + (now + 900_000), ids);
    }
    return ids;
  }

  /** Does it again when it was chosen to end a deadlock, as who uses this server must. */
  private <T> T committed(Transaction<T> transaction) throws SQLException {
    while (true) {
      try {
        T result = transaction.run();
        connection.commit();
        return result;
      } catch (SQLTransactionRollbackException e) {
        connection.rollback();
      }
    }
  }

  private List<String> dueIds(long now, int most) throws SQLException {
    List<String> ids = new ArrayList<>(most);
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select id, body from raw force index(due)
            where queue = ? and due <= ?
            order by due, seq limit ? for update skip locked""")) {
      select.setString(1, QUEUE);
      select.setLong(2, now);
      select.setInt(3, most);
      try (ResultSet due = select.executeQuery()) {
        while (due.next()) {
          ids.add(due.getString(1));
          RawTable.check(due.getBytes(2));
        }
      }
    }
    return ids;
  }

  private int onEach(String change, List<String> ids) throws SQLException {
    String places = String.join(",", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement statement =
        connection.prepareStatement(change + " where queue = ? and id in (" + places + ")")) {
      statement.setString(1, QUEUE);
      for (int i = 0; i < ids.size(); i++) {
        statement.setString(i + 2, ids.get(i));
      }
      return statement.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
