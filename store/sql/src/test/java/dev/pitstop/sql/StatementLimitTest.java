package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitstop.Codec;
import dev.pitstop.Listener;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.servers.PrivateServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that cuts off what takes too long. */
final class StatementLimitTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** Sets what every connection from now on is bound to. */
  private static void limit(Kind kind, Connection connection) throws SQLException {
    Kind.execute(
        connection,
        kind == Kind.POSTGRESQL
            ? "alter database " + Kind.DATABASE + " set statement_timeout = '1s'"
            : "set global max_statement_time = 1");
  }

  @ParameterizedTest
  @EnumSource
  void F01_callThatTheServerCutsOffIsUnavailableAndListenersGoOn(Kind kind) throws Exception {
    try (PrivateServer server = kind.start(Map.of());
        Connection other = Kind.connect(server.address(Kind.DATABASE))) {
      limit(kind, other);
      goesOn(kind, server.address(Kind.DATABASE) + "?pollInterval=500ms", other);
    }
  }

  private static void goesOn(Kind kind, String address, Connection other) throws Exception {
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    try (Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      Listener listener = queue.listen(delivery -> emitted.add(delivery.id()));
      queue.store(Message.of("body").id("before"), Instant.now()).join();
      Awaiting.await("emitted", WITHIN, () -> emitted.contains("before"));
      kind.lockMessages(other);
      List<CompletableFuture<?>> calls =
          List.of(
              queue.store("body", Instant.now()),
              queue.store(Message.of("body").id("named"), Instant.now()),
              queue.remove("before"),
              queue.find("before"),
              queue.requeueAll(),
              queue.purge());
      List<Throwable> failures = new ArrayList<>();
      for (CompletableFuture<?> call : calls) {
        failures.add(catchThrowable(call::join));
      }
      assertThat(failures)
          .allSatisfy(
              failure -> assertThat(failure).hasCauseInstanceOf(StoreUnavailableException.class));
      Awaiting.await("unhealthy", WITHIN, () -> !listener.health().healthy());
      kind.unlockMessages(other);
      queue.store(Message.of("body").id("after"), Instant.now()).join();
      Awaiting.await("emitted again", AGAIN, () -> emitted.contains("after"));
      Awaiting.await("healthy", AGAIN, () -> listener.health().healthy());
    }
  }
}
