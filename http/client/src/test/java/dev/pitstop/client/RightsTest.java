package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.PitstopOptions;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.Stored;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.Fault;
import dev.pitstop.testing.FaultyStore;
import dev.pitstop.testing.FaultyStore.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a token does not allow is refused with the right that is missing, and the token not told.
 */
final class RightsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofHours(1);

  private @TempDir Path directory = Path.of("");
  private final Token boss = Token.random();
  private final Token shop = Token.random();
  private final Served served =
      Served.with(
          settings ->
              settings
                  .store("memory:")
                  .maxBody(1_000)
                  .security(
                      Security.defaults()
                          .grants(
                              List.of(
                                  Grant.admin("boss", boss.hash()),
                                  new Grant(
                                      "shop",
                                      shop.hash(),
                                      Map.of(
                                          Right.ADMIN,
                                          only("own"),
                                          Right.STORE,
                                          only("orders"),
                                          Right.CONSUME,
                                          only("mail"),
                                          Right.VIEW,
                                          only("orders")))))));

  private static List<QueuePattern> only(String queue) {
    return List.of(new QueuePattern(queue));
  }

  private Store as(Token token) {
    return served.client("?token=" + token.text());
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void eachCallNamesTheRightThatIsMissing() {
    as(boss).put(List.of(Messages.due("orders", "a"), Messages.due("mail", "m")));
    Store store = as(shop);
    Key order = new Key("orders", "a");
    Map<String, ThrowingCallable> consume = new LinkedHashMap<>();
    consume.put("lease", () -> store.lease("orders", 1, LEASE));
    consume.put("settle", () -> store.settle(List.of(new Settlement.Delete(order, 1))));
    consume.put("until", () -> store.untilNextDue("orders"));
    consume.put("find", () -> store.find(order));
    consume.put("list", () -> store.list("orders", Filter.ALL, Optional.empty(), 1));
    consume.put("search", () -> store.search("orders", "", Optional.empty(), 1));
    refused(consume, "consume");
    Map<String, ThrowingCallable> admin = new LinkedHashMap<>();
    admin.put("remove", () -> store.remove(List.of(order)));
    admin.put("requeue", () -> store.requeue(order));
    admin.put("requeueAll", () -> store.requeueAll("orders"));
    admin.put("reschedule", () -> store.reschedule(order, Instant.EPOCH));
    admin.put("pause", () -> store.pause("orders", true));
    admin.put("purge", () -> store.purge("orders"));
    refused(admin, "admin");
    assertThatThrownBy(() -> store.countDue("mail", List.of(Instant.EPOCH, Instant.MAX), 1))
        .hasMessageContaining("the right view in queue mail");
    assertThat(store.stats()).extracting(QueueStats::queue).containsExactly("orders");
    assertThat(store.lease("mail", 1, LEASE)).hasSize(1);
  }

  private void refused(Map<String, ThrowingCallable> calls, String right) {
    calls.forEach(
        (name, call) ->
            assertThat(catchThrowable(call))
                .as(name)
                .isInstanceOf(PitstopException.class)
                .isNotInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("the right " + right + " in queue orders")
                .hasMessageNotContaining(shop.text()));
  }

  /** One call of the engine's holds what many threads store in many queues. */
  @Test
  void aPutThatIsRefusedHoldsUpNoneOfTheOthersOfItsBatch() {
    List<PutResult> results =
        as(shop)
            .put(
                List.of(
                    Messages.due("orders", "a"),
                    Messages.due("mail", "m"),
                    Messages.withBody("orders", "large", 1_001),
                    Messages.due("_pitstop.nodes", "n"),
                    Messages.buried("orders", "b"),
                    Messages.due("orders", "c")));
    assertThat(results.get(0)).isEqualTo(PutResult.CREATED);
    assertThat(results.get(5)).isEqualTo(PutResult.CREATED);
    assertThat(failure(results.get(1))).hasMessage("queue mail: this needs the right store");
    assertThat(failure(results.get(2)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage("body must be at most 1000 bytes (maxBody), was 1001 bytes");
    assertThat(failure(results.get(3))).hasMessageContaining("_pitstop.");
    assertThat(failure(results.get(4))).hasMessage("queue orders: this needs the right admin");
    assertThat(as(boss).list("orders", Filter.ALL, Optional.empty(), 10).items())
        .extracting(entry -> entry.key().id())
        .containsExactly("a", "c");
  }

  private static PitstopException failure(PutResult result) {
    return ((PutResult.Refused) result).failure();
  }

  @Test
  void aRemovalThatIsRefusedHoldsUpNoneOfTheOthersOfItsBatch() throws Exception {
    FaultyStore store = FaultyStore.over(as(shop));
    try (Pitstop pitstop = Pitstop.on(store, PitstopOptions.defaults())) {
      MessageQueue<byte[]> orders = pitstop.queue("orders");
      MessageQueue<byte[]> own = pitstop.queue("own");
      CompletableFuture<Boolean> refused;
      CompletableFuture<Boolean> there;
      CompletableFuture<Stored> after;
      try (Fault standing = store.on(Operation.PUT).call(1).stall(PATIENCE)) {
        own.store(Message.of(new byte[1]).id("a"), Schedule.in(PATIENCE));
        assertThat(standing.awaitCall(PATIENCE)).isTrue();
        refused = orders.remove("a");
        there = own.remove("a");
        after = orders.store(new byte[1], PATIENCE);
      }
      assertThat(there.join()).isTrue();
      assertThat(after.join().id()).isNotEmpty();
      assertThatThrownBy(refused::join)
          .hasCauseInstanceOf(PitstopException.class)
          .hasMessageContaining("the right admin in queue orders");
    }
  }

  @Test
  void queuesOfTheServersAreNobodyElses() {
    Store store = as(boss);
    assertThatThrownBy(() -> store.lease("_pitstop.nodes", 1, LEASE))
        .hasMessageContaining("the servers' own");
    assertThatThrownBy(() -> store.purge("_pitstop.nodes"))
        .hasMessageContaining("the servers' own");
  }

  @Test
  void aTokenComesFromTheAddressAFileOrTheEnvironment() throws Exception {
    String address = served.address();
    Path file = directory.resolve("token");
    Files.writeString(file, boss.text() + "\n");
    Address inFile = Address.parse(address + "?tokenFile=" + file);
    new HttpStoreFactory(Map.of()).open(inFile).close();
    new HttpStoreFactory(Map.of("PITSTOP_TOKEN", boss.text())).open(Address.parse(address)).close();
    assertThatThrownBy(() -> new HttpStoreFactory(Map.of()).open(Address.parse(address)))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("wants a token that it knows");
    Token unknown = Token.random();
    assertThatThrownBy(() -> served.client("?token=" + unknown.text()))
        .hasMessageContaining("wants a token that it knows")
        .hasMessageNotContaining(unknown.text());
    assertThatThrownBy(() -> served.client("?token=a%20b"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("token")
        .hasMessageNotContaining("a b");
    assertThatThrownBy(
            () -> new HttpStoreFactory().open(Address.parse("http://me:secret@localhost:1")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageNotContaining("secret");
  }
}
