package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitstop.Codec;
import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.servers.PostgresServer;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that is lost, whose standby only reads until it is promoted. */
final class FailoverTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  /** By when all goes on after a promotion. */
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private static final int BEFORE = 200;

  @AutoClose private PostgresServer primary;
  @AutoClose private PostgresServer standby;

  @BeforeEach
  void start() {
    primary = PostgresServer.start(Map.of());
    primary.createDatabase(Kind.DATABASE);
    standby = PostgresServer.standbyOf(primary);
  }

  private String ofBoth() {
    return primary
            .address(Kind.DATABASE)
            .replace(":" + primary.port(), ":" + primary.port() + ",127.0.0.1:" + standby.port())
        + "?timeout=1s&leaseTime=3s&pollInterval=500ms";
  }

  @Test
  void F02_goesOnByItselfAtTheStandbyOnceItIsPromoted() throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    try (Pitstop pitstop = Pitstop.open(ofBoth())) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Instant later = Instant.now().plusSeconds(3);
      for (int i = 0; i < BEFORE; i++) {
        queue.store(Message.of("body").id("before " + i), later).join();
      }
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      awaitReplayed();
      primary.kill();
      onlyUnavailable(queue);
      Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
      onlyUnavailable(queue);
      standby.promote();
      Awaiting.await("stored again", AGAIN, () -> failureOf(() -> store(queue, "after")) == null);
      Awaiting.await(
          "all are emitted", AGAIN, () -> emitted.size() > BEFORE && emitted.contains("after"));
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
      Awaiting.await("all are acked", AGAIN, () -> queue.stats().join().leased() == 0);
    }
  }

  /** As behind an address that is moved to the standby too early. */
  @Test
  void F02_serverThatOnlyReadsIsAwayForWritesUntilItIsPromoted() throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    Pitstop.open(primary.address(Kind.DATABASE)).close(); // makes the tables
    awaitReplayed();
    try (Pitstop pitstop =
        Pitstop.open(standby.address(Kind.DATABASE) + "?timeout=1s&pollInterval=500ms")) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      Throwable failure = failureOf(() -> store(queue, "refused"));
      assertThat(failure)
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("read-only");
      assertThat(failureOf(() -> queue.find("refused"))).isNull();
      Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
      standby.promote();
      assertThat(failureOf(() -> store(queue, "a"))).isNull();
      Awaiting.await("emitted", AGAIN, () -> emitted.contains("a"));
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
    }
  }

  private void awaitReplayed() throws Exception {
    try (Connection connection = Kind.connect(primary.address(Kind.DATABASE))) {
      Awaiting.await(
          "the standby has all",
          WITHIN,
          () ->
              Kind.number(
                      connection,
                      "select count(*) from pg_stat_replication"
                          + " where replay_lsn >= pg_current_wal_lsn()")
                  == 1);
    }
  }

  private static void onlyUnavailable(MessageQueue<String> queue) {
    List<CompletableFuture<?>> calls =
        List.of(
            store(queue, "meanwhile"),
            queue.find("before 1"),
            queue.remove("none"),
            queue.stats(),
            queue.purge(),
            queue.requeueAll(),
            queue.list(Filter.ALL, Optional.empty(), 10));
    assertThat(calls)
        .allSatisfy(
            call ->
                assertThat(failureOf(() -> call)).isInstanceOf(StoreUnavailableException.class));
  }

  private static CompletableFuture<?> store(MessageQueue<String> queue, String id) {
    return queue.store(Message.of("body").id(id), Instant.now());
  }

  /** Why a call fails; null when it does not. */
  private static @Nullable Throwable failureOf(Supplier<CompletableFuture<?>> call) {
    Throwable failure = catchThrowable(() -> call.get().join());
    return failure == null ? null : failure.getCause();
  }
}
