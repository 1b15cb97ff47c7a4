package dev.pitstop.bench;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The SQL stores through the whole public API beside bare statements and, on PostgreSQL,
 * db-scheduler: bodies of 200 bytes, random UUIDs as ids, servers that sync, rounds of all in turn
 * and the median of each. Every part has a server of its own.
 */
public final class Sql {
  private static final String QUEUE = "bench";
  private static final int PUTTERS = 4;

  private final String name;
  private final Supplier<SqlServer> servers;
  private final Supplier<SqlServer> serversForWaiting;
  private final int rounds;
  private final int messages;
  private final int seconds;

  private Sql(
      String name,
      Supplier<SqlServer> servers,
      Supplier<SqlServer> serversForWaiting,
      int messages,
      boolean quick) {
    this.name = name;
    this.servers = servers;
    this.serversForWaiting = serversForWaiting;
    rounds = quick ? 1 : 3;
    this.messages = quick ? messages / 5 : messages;
    seconds = quick ? 5 : 20;
  }

  /** {@code sql [--long] [--quick] [PART...]}; {@code --quick} for one smaller round. */
  public static void main(String[] args) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(args));
    boolean quick = arguments.remove("--quick");
    Sql postgres =
        new Sql("postgresql", Postgres::start, Postgres::startUnanalysed, 200_000, quick);
    Sql mariaDb = new Sql("mariadb", MariaDb::start, MariaDb::start, 100_000, quick);
    BesideDbScheduler peers = new BesideDbScheduler(postgres.rounds, postgres.messages);
    Parts parts = new Parts();
    parts.add("postgresql.store", postgres::storeBatches);
    parts.add("postgresql.callers", peers::storeSingly);
    parts.add("postgresql.drain", postgres::drain);
    parts.add("postgresql.peers", peers::drain);
    parts.add("postgresql.lateness", postgres::lateness);
    parts.add("postgresql.waiting", () -> postgres.waiting(quick ? 100_000 : 1_000_000));
    parts.add("postgresql.analysed", () -> postgres.analysed(quick ? 100_000 : 1_000_000));
    parts.add("postgresql.held", () -> postgres.held("heldsnapshot", quick ? 60_000 : 300_000));
    parts.add("mariadb.store", mariaDb::storeBatches);
    parts.add("mariadb.callers", mariaDb::storeSingly);
    parts.add("mariadb.drain", mariaDb::drain);
    parts.add("mariadb.lateness", mariaDb::lateness);
    parts.add("mariadb.waiting", () -> mariaDb.waiting(quick ? 100_000 : 1_000_000));
    parts.add("mariadb.held", () -> mariaDb.held("heldview", quick ? 60_000 : 300_000));
    parts.addLong("postgresql.waiting10M", () -> postgres.waiting(10_000_000));
    parts.addLong("postgresql.bloat", () -> Bloat.measure(quick ? 1_000_000 : 10_000_000));
    parts.addLong("mariadb.waiting10M", () -> mariaDb.waiting(10_000_000));
    if (!parts.run(arguments)) {
      System.exit(2);
    }
  }

  /** Batches of a thousand: from one caller, and from several to as many connections as it uses. */
  private void storeBatches() throws Exception {
    try (SqlServer server = servers.get()) {
      int connections = busyConnections(server);
      Rounds rates =
          new Rounds(rounds)
              .add("raw", () -> rawStore(server, 1))
              .add("own", () -> ownStore(server, 1))
              .add("raw of several", () -> rawStore(server, connections))
              .add("own of several", () -> ownStore(server, PUTTERS))
              .run();
      report("store.batch", rates, "own", "raw");
      report("store.batch." + PUTTERS + "callers", rates, "own of several", "raw of several");
      Report.figure(
          name + ".store.batch." + PUTTERS + "callers.connections", connections, "connections");
    }
  }

  private int busyConnections(SqlServer server) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      MessageQueue<byte[]> queue = pitstop.queue(QUEUE);
      return Math.max(
          1,
          database.busySessions(() -> Traffic.store(queue, messages, PUTTERS, Traffic::inAnHour)));
    }
  }

  private double ownStore(SqlServer server, int callers) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      return Traffic.store(pitstop.queue(QUEUE), messages, callers, Traffic::inAnHour);
    }
  }

  private double rawStore(SqlServer server, int connections) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        RawTables tables = database.rawTables(connections)) {
      return tables.put(messages, System.currentTimeMillis() + 3_600_000);
    }
  }

  /** Single calls from 64 threads. */
  private void storeSingly() throws Exception {
    try (SqlServer server = servers.get();
        SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      MessageQueue<byte[]> queue = pitstop.queue(QUEUE);
      Rounds rates =
          new Rounds(rounds).add("own", () -> Traffic.storeSingly(queue, 64, messages / 64)).run();
      Report.figure(name + ".store.64callers", rates.median("own"), "messages/s");
    }
  }

  /**
   * A backlog that is all due, beside one and four bare connections, of which the faster counts.
   */
  private void drain() throws Exception {
    try (SqlServer server = servers.get()) {
      Rounds rates =
          new Rounds(rounds)
              .add("raw of 1", () -> rawDrain(server, 1))
              .add("raw of 4", () -> rawDrain(server, 4))
              .add("own", () -> ownDrain(server))
              .run();
      int faster = rates.median("raw of 4") > rates.median("raw of 1") ? 4 : 1;
      report("drain", rates, "own", "raw of " + faster);
      Report.figure(name + ".drain.raw.connections", faster, "connections");
    }
  }

  private double ownDrain(SqlServer server) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      return storeAndDrain(pitstop.queue(QUEUE));
    }
  }

  /** Stores what is due at once and returns how fast it is drained. */
  private double storeAndDrain(MessageQueue<byte[]> queue) {
    Traffic.store(queue, messages, Traffic::due);
    return Traffic.drain(queue, messages);
  }

  private double rawDrain(SqlServer server, int connections) throws Exception {
    try (SqlDatabase database = new SqlDatabase(server);
        RawTables tables = database.rawTables(connections)) {
      tables.put(messages, System.currentTimeMillis());
      database.analyse();
      return tables.drain(messages);
    }
  }

  /** Messages that another process stores a second before they are due, and shortly before. */
  private void lateness() throws Exception {
    try (SqlServer server = servers.get();
        SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      lateness(name + ".lateness", database, pitstop, Duration.ofSeconds(1));
      lateness(name + ".lateness.100ms", database, pitstop, Duration.ofMillis(100));
    }
  }

  private void lateness(String label, SqlDatabase database, Pitstop pitstop, Duration ahead)
      throws Exception {
    Report.lateness(
        label, Lateness.measure(pitstop.queue(label), database.address(), ahead, seconds));
  }

  /** Storing and draining with many messages waiting for next month, beside none. */
  private void waiting(int later) throws Exception {
    String many = later < 1_000_000 ? later / 1_000 + "k" : later / 1_000_000 + "M";
    try (SqlServer server = serversForWaiting.get();
        SqlDatabase none = new SqlDatabase(server);
        SqlDatabase full = new SqlDatabase(server);
        Pitstop onNone = none.open();
        Pitstop onFull = full.open()) {
      MessageQueue<byte[]> queueOfNone = onNone.queue(QUEUE);
      MessageQueue<byte[]> queueOfFull = onFull.queue(QUEUE);
      Traffic.store(queueOfFull, later, PUTTERS, Traffic::nextMonth);
      Rounds rates =
          new Rounds(rounds)
              .add("store.0", () -> Traffic.store(queueOfNone, messages, 1, Traffic::due))
              .add("drain.0", () -> Traffic.drain(queueOfNone, messages))
              .add("store", () -> Traffic.store(queueOfFull, messages, 1, Traffic::due))
              .add("drain", () -> Traffic.drain(queueOfFull, messages))
              .run();
      Report.figure(name + ".store.batch." + many, rates.median("store"), "messages/s");
      Report.ratio(name + ".store.batch." + many + "/0", rates.ratio("store", "store.0"));
      Report.figure(name + ".drain." + many, rates.median("drain"), "messages/s");
      Report.ratio(name + ".drain." + many + "/0", rates.ratio("drain", "drain.0"));
      full.writeBack();
      latenessBeside(name + ".lateness." + many, full, onFull, none, onNone);
    }
  }

  /** Two in turn, so that what disturbs the machine disturbs them alike. */
  private void latenessBeside(
      String label, SqlDatabase database, Pitstop pitstop, SqlDatabase beside, Pitstop onBeside)
      throws Exception {
    List<long[]> own = new ArrayList<>();
    List<long[]> other = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Duration ahead = Duration.ofSeconds(1);
      int each = Math.max(5, seconds / rounds);
      other.add(Lateness.measure(onBeside.queue(label), beside.address(), ahead, each));
      own.add(Lateness.measure(pitstop.queue(label), database.address(), ahead, each));
    }
    Report.lateness(label + ".0", joined(other));
    Report.lateness(label, joined(own));
  }

  private static long[] joined(List<long[]> parts) {
    return parts.stream().flatMapToLong(Arrays::stream).toArray();
  }

  /** Draining with many waiting, from tables the server never looked at and from those it did. */
  private void analysed(int later) throws Exception {
    try (SqlServer server = serversForWaiting.get();
        SqlDatabase never = new SqlDatabase(server);
        SqlDatabase analysed = new SqlDatabase(server);
        Pitstop onNever = never.open();
        Pitstop onAnalysed = analysed.open()) {
      MessageQueue<byte[]> queueOfNever = onNever.queue(QUEUE);
      MessageQueue<byte[]> queueOfAnalysed = onAnalysed.queue(QUEUE);
      Traffic.store(queueOfNever, later, PUTTERS, Traffic::nextMonth);
      Traffic.store(queueOfAnalysed, later, PUTTERS, Traffic::nextMonth);
      analysed.analyse();
      Rounds rates =
          new Rounds(rounds)
              .add("never", () -> storeAndDrain(queueOfNever))
              .add("analysed", () -> storeAndDrain(queueOfAnalysed))
              .run();
      Report.figure(name + ".drain.neveranalysed", rates.median("never"), "messages/s");
      Report.figure(name + ".drain.analysed", rates.median("analysed"), "messages/s");
      Report.ratio(name + ".drain.neveranalysed/analysed", rates.ratio("never", "analysed"));
    }
  }

  /** Messages that live while a transaction that has read stays open. */
  private void held(String what, int count) throws Exception {
    try (SqlServer server = servers.get();
        SqlDatabase database = new SqlDatabase(server);
        Pitstop pitstop = database.open()) {
      MessageQueue<byte[]> queue = pitstop.queue(QUEUE);
      Life.tenths(queue, count / 3); // warms up
      double[] rates;
      try (HeldSnapshot held = new HeldSnapshot(database)) {
        rates = Life.tenths(queue, count);
        held.requireOld();
      }
      Report.firstAndLast(name + ".drain." + what, rates);
    }
  }

  private void report(String what, Rounds rates, String own, String raw) {
    Report.figure(name + "." + what, rates.median(own), "messages/s");
    Report.figure(name + "." + what + ".raw", rates.median(raw), "messages/s");
    Report.ratio(name + "." + what + "/raw", rates.ratio(own, raw));
  }
}
