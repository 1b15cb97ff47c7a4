package dev.pitstop.sql;

import dev.pitstop.servers.PgBouncer;
import dev.pitstop.servers.PostgresServer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL with a PgBouncer in front of it. */
record Pooler(PostgresServer server, PgBouncer bouncer) implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Starts both. */
  static Pooler start(String poolMode) {
    PostgresServer server = PostgresServer.start(Map.of("fsync", "off", "max_connections", "300"));
    try {
      return new Pooler(server, PgBouncer.inFrontOf(server, poolMode));
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** The name of an empty database. */
  String freshDatabase() {
    String name = "behind_" + COUNT.incrementAndGet();
    server.createDatabase(name);
    return name;
  }

  @Override
  public void close() {
    bouncer.close();
    server.close();
  }
}
