package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.Stored;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that an open transaction of the application holds, among others. */
final class HeldTest {
  private static final int MESSAGES = 1_000;

  /** For how long others may be held up. */
  private static final Duration BOUND = Duration.ofSeconds(4);

  private static Connection transaction(String address) throws Exception {
    Connection connection = Kind.connect(address);
    connection.setAutoCommit(false);
    // the default of MariaDB locks also what would be new before an id that is replaced
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  private static Schedule later() {
    return Schedule.at(Instant.now().plusSeconds(3_600));
  }

  private static Message<String> message(String id) {
    return Message.of("body").id(id);
  }

  private static List<Deferral<String>> deferrals() {
    List<Deferral<String>> all = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      all.add(Deferral.of(message("m" + i), later()));
    }
    return all;
  }

  private static <T> T joinInTime(CompletableFuture<T> call) {
    long begun = System.nanoTime();
    try {
      return call.join();
    } finally {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void S07_heldIdsFailInTimeAndTheOthersAreStored(Kind kind) throws Exception {
    String address = kind.fresh();
    Set<String> held = Set.of("m0", "m500", "m999");
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = transaction(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.store(message("m500"), later()).join(); // one is replaced, the others are new
      SqlQueue sql = queue.unwrap(SqlQueue.class);
      for (String id : held) {
        sql.store(message(id), later(), connection);
      }
      List<StoreResult> results = joinInTime(queue.storeAll(deferrals()));
      for (int i = 0; i < MESSAGES; i++) {
        String id = "m" + i;
        if (held.contains(id)) {
          assertThat(catchThrowable(results.get(i)::orThrow))
              .isInstanceOf(StoreUnavailableException.class)
              .hasMessageContaining("id=" + id)
              .hasMessageContaining("open transaction");
        } else {
          assertThat(results.get(i).orThrow().outcome()).isEqualTo(Stored.Outcome.CREATED);
        }
      }
      CompletableFuture<Stored> one = queue.store(message("m0"), later());
      CompletableFuture<Stored> behind = queue.store(message("behind"), later());
      assertThat(joinInTime(behind).outcome()).isEqualTo(Stored.Outcome.CREATED);
      assertThat(catchThrowable(one::join)).hasCauseInstanceOf(StoreUnavailableException.class);
      connection.commit();
      assertThat(queue.store(message("m0"), later()).join().outcome())
          .isEqualTo(Stored.Outcome.REPLACED);
      assertThat(queue.stats().join().scheduled()).isEqualTo(MESSAGES + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void S03_idThatIsHeldBrieflyIsWaitedFor(Kind kind) throws Exception {
    String address = kind.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = transaction(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.unwrap(SqlQueue.class).store(message("m7"), later(), connection);
      CompletableFuture<List<StoreResult>> all = queue.storeAll(deferrals());
      assertThat(catchThrowable(() -> all.get(300, TimeUnit.MILLISECONDS)))
          .isInstanceOf(TimeoutException.class);
      connection.commit();
      List<StoreResult> results = all.join();
      assertThat(results).allSatisfy(StoreResult::orThrow);
      assertThat(results.get(7).orThrow().outcome()).isEqualTo(Stored.Outcome.REPLACED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void T06_heldIdIsNotRemovedInTimeAndTheOthersAre(Kind kind) throws Exception {
    String address = kind.fresh();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = transaction(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.storeAll(deferrals()).join().forEach(StoreResult::orThrow);
      queue.unwrap(SqlQueue.class).store(message("m7"), later(), connection);
      List<CompletableFuture<Boolean>> removals = new ArrayList<>();
      List<CompletableFuture<Stored>> stores = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        stores.add(queue.store(message("new" + i), later()));
        removals.add(queue.remove("m" + i));
      }
      for (CompletableFuture<Stored> store : stores) {
        joinInTime(store);
      }
      assertThat(catchThrowable(() -> joinInTime(removals.get(7))))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class);
      for (int i = 0; i < 50; i++) {
        assertThat(queue.find("m" + i).join().isPresent()).isEqualTo(i == 7);
      }
      connection.commit();
      assertThat(queue.remove("m7").join()).isTrue();
      assertThat(queue.stats().join().scheduled()).isEqualTo(MESSAGES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void S03_leaseOfWhatIsBeingReplacedIsLostAndTheOthersAreAcked(Kind kind) throws Exception {
    String address = kind.fresh();
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = transaction(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      for (int i = 0; i < 20; i++) {
        queue.store(message("m" + i), Instant.EPOCH).join();
      }
      queue.listen(ListenerOptions.defaults().concurrency(20).manualAck(), deliveries::add);
      List<Delivery<String>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
        assertThat(delivery).as("a delivery within 30 s").isNotNull();
        all.add(delivery);
      }
      queue.unwrap(SqlQueue.class).store(message("m7"), later(), connection);
      List<CompletableFuture<Boolean>> acks = all.stream().map(Delivery::ack).toList();
      for (int i = 0; i < 20; i++) {
        assertThat(joinInTime(acks.get(i))).isEqualTo(!all.get(i).id().equals("m7"));
      }
      connection.commit();
      assertThat(queue.find("m7").join()).as("the update").isPresent();
      assertThat(queue.stats().join().scheduled()).isOne();
      assertThat(queue.stats().join().leased()).isZero();
    }
  }
}
