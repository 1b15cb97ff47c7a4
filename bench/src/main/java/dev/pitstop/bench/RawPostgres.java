package dev.pitstop.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The floor on PostgreSQL: a lease moves the due time, and each statement is a transaction. */
final class RawPostgres implements RawTable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement lease;
  private final PreparedStatement delete;
  private long seq;

  RawPostgres(Connection connection) throws SQLException {
    this.connection = connection;
    insert =
        connection.prepareStatement(
            """
            insert into raw(queue, id, due, seq, body)
            select ?, id, ?, seq, body from unnest(?, ?, ?) as given(id, seq, body)""");
    lease =
        connection.prepareStatement(
            """
            update raw set due = ? where ctid = any(array(
              select ctid from raw where queue = ? and due <= ?
              order by due, seq limit ? for update skip locked))
            returning id, body""");
    delete = connection.prepareStatement("delete from raw where queue = ? and id = any(?)");
  }

  static void createTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table raw(
            queue text collate "C" not null, id text collate "C" not null,
            due bigint not null, seq bigint not null, body bytea not null, primary key(queue, id));
          create index on raw(queue, due, seq)""");
    }
  }

  @Override
  public void put(int count, long dueMillis) throws SQLException {
    String[] ids = new String[count];
    Long[] seqs = new Long[count];
    byte[][] bodies = new byte[count][];
    for (int i = 0; i < count; i++) {
      ids[i] = UUID.randomUUID().toString();
      seqs[i] = seq++;
      bodies[i] = Traffic.body();
    }
    insert.setString(1, QUEUE);
    insert.setLong(2, dueMillis);
    insert.setArray(3, connection.createArrayOf("text", ids));
    insert.setArray(4, connection.createArrayOf("bigint", seqs));
    insert.setArray(5, connection.createArrayOf("bytea", bodies));
    insert.executeUpdate();
  }

  @Override
  public int take(int most) throws SQLException {
    long now = System.currentTimeMillis();
    lease.setLong(1, now + 900_000);
    lease.setString(2, QUEUE);
    lease.setLong(3, now);
    lease.setInt(4, most);
    List<String> ids = new ArrayList<>(most);
    try (ResultSet leased = lease.executeQuery()) {
      while (leased.next()) {
        ids.add(leased.getString(1));
        RawTable.check(leased.getBytes(2));
      }
    }
    Array taken = connection.createArrayOf("text", ids.toArray());
    delete.setString(1, QUEUE);
    delete.setArray(2, taken);
    return delete.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
