package dev.pitstop.bench;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** The store on PostgreSQL beside db-scheduler on the same server. Used by one thread. */
final class BesideDbScheduler {
  private static final int CALLERS = 64;
  private static final int[] POOLS = {16, 32, 64};
  private static final int POOL_TO_DRAIN = 32; // of the same three the fastest

  private final int rounds;
  private final int messages;

  /** Measures with so many messages a round, and db-scheduler, which is slower, with fewer. */
  BesideDbScheduler(int rounds, int messages) {
    this.rounds = rounds;
    this.messages = messages;
  }

  /** Single calls from 64 threads; db-scheduler with the connection pool that suits it best. */
  void storeSingly() throws Exception {
    try (SqlServer server = Postgres.start()) {
      int best = POOLS[0];
      double bestRate = 0;
      for (int pool : POOLS) {
        double rate = peerSingly(server, pool);
        System.err.printf("  pool of %d: %.0f%n", pool, rate);
        if (rate > bestRate) {
          best = pool;
          bestRate = rate;
        }
      }
      int pool = best;
      Rounds rates =
          new Rounds(rounds)
              .add("peer", () -> peerSingly(server, pool))
              .add("own", () -> ownSingly(server))
              .run();
      Report.figure("postgresql.store.64callers", rates.median("own"), "messages/s");
      Report.figure("db-scheduler.store.64callers", rates.median("peer"), "messages/s");
      Report.figure("db-scheduler.store.64callers.pool", pool, "connections");
      Report.ratio("postgresql.store.64callers/db-scheduler", rates.ratio("own", "peer"));
    }
  }

  private double ownSingly(SqlServer server) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      return Traffic.storeSingly(pitstop.queue("bench"), CALLERS, messages / CALLERS);
    }
  }

  private double peerSingly(SqlServer server, int pool) throws Exception {
    int each = messages / 4 / CALLERS;
    try (SqlDatabase database = new SqlDatabase(server);
        DbScheduler peer = peer(database, pool)) {
      return Traffic.together(
          CALLERS,
          each,
          () -> {
            for (int i = 0; i < each; i++) {
              peer.store(Traffic.tomorrow());
            }
            return each;
          });
    }
  }

  /** A backlog that is all due; db-scheduler's is vacuumed and analysed before. */
  void drain() throws Exception {
    try (SqlServer server = Postgres.start()) {
      Rounds rates =
          new Rounds(rounds)
              .add("peer", () -> peerDrain(server))
              .add("own", () -> ownDrain(server))
              .run();
      Report.figure("db-scheduler.drain", rates.median("peer"), "messages/s");
      Report.ratio("postgresql.drain/db-scheduler", rates.ratio("own", "peer"));
    }
  }

  private double ownDrain(SqlServer server) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      MessageQueue<byte[]> queue = pitstop.queue("bench");
      Traffic.store(queue, messages, Traffic::due);
      return Traffic.drain(queue, messages);
    }
  }

  private double peerDrain(SqlServer server) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        DbScheduler peer = peer(database, POOL_TO_DRAIN)) {
      peer.storeAll(messages / 4, Instant.now());
      database.analyse();
      return peer.drain(messages / 4);
    }
  }

  private static DbScheduler peer(SqlDatabase database, int connections) throws SQLException {
    try (Connection connection = database.connect()) {
      DbScheduler.createTable(connection);
    }
    return new DbScheduler(database.jdbcUrl(), connections);
  }
}
