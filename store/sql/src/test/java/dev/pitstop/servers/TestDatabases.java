package dev.pitstop.servers;

import java.sql.*;

public final class TestDatabases {
  static final java.util.concurrent.atomic.AtomicInteger N =
      new java.util.concurrent.atomic.AtomicInteger((int) (System.nanoTime() & 0xffffff));

  public static String freshPostgres() {
    return fresh(
        "jdbc:postgresql://127.0.0.1:5499/postgres?user=postgres",
        "postgresql://postgres@127.0.0.1:5499/");
  }

  public static String freshMariaDb() {
    return fresh(
        "jdbc:mariadb://127.0.0.1:5498/mysql?user=p&password=p", "mariadb://p:p@127.0.0.1:5498/");
  }

  private static String fresh(String url, String to) {
    String name = "t" + N.incrementAndGet();
    try (Connection c = DriverManager.getConnection(url);
        Statement s = c.createStatement()) {
      s.execute("create database " + name);
    } catch (SQLException e) {
      throw new RuntimeException(e);
    }
    return to + name;
  }
}
