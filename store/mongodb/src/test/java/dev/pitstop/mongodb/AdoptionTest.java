package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents as the Clojure Pitstop 0.2 writes them, and what becomes of them. */
final class AdoptionTest {
  private static final String QUEUE = "messages";
  private static final Duration LONG = Duration.ofHours(1);

  private final String address = TestServer.freshDatabase();
  private final MongoClient client = MongoClients.create(address);
  private final MongoCollection<Document> collection =
      client.getDatabase(address.replaceFirst(".*/([^/?]+).*", "$1")).getCollection(QUEUE);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final List<Store> stores = new ArrayList<>();

  @AfterEach
  void close() {
    stores.forEach(Store::close);
    client.close();
  }

  private Store open() {
    Store store = TestServer.open(address);
    stores.add(store);
    return store;
  }

  /** A document as it stores one, unlocked since an hour before its process began. */
  private Document written(String id, Instant ready) {
    return new Document("_id", id)
        .append("ready", Date.from(ready))
        .append("msg", new Document("id", id).append("foo", "bar"))
        .append("locked", Date.from(now.minusSeconds(7200)));
  }

  private static <T> T await(Supplier<@Nullable T> look) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    T found = look.get();
    while (found == null) {
      assertThat(System.nanoTime() - deadline).as("time left").isNegative();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      found = look.get();
    }
    return found;
  }

  private static Entry awaitLeased(Store store) {
    return await(() -> store.lease(QUEUE, 1, LONG).stream().findFirst().orElse(null));
  }

  private Document awaitAdopted(String id) {
    return await(() -> collection.find(new Document("_id", id).append("token", 0)).first());
  }

  private static String body(Entry entry) {
    return new String(entry.payload().body(), StandardCharsets.UTF_8);
  }

  @Test
  void deferredMessageIsEmittedWithItsBody() {
    Document msg =
        new Document("msg", "object")
            .append("nested", new Document("vector", List.of(1L, 2.5, "three", List.of())))
            .append("at", Date.from(Instant.parse("2020-02-02T02:02:02.222Z")))
            .append("nothing", null)
            .append("emoji", "\uD83D\uDE80 \"quoted\"");
    collection.insertOne(written("a", now.minusSeconds(1)).append("msg", msg));
    Store store = open();
    Entry leased = awaitLeased(store);
    assertThat(body(leased))
        .isEqualTo(
            "{\"msg\":\"object\",\"nested\":{\"vector\":[1,2.5,\"three\",[]]},"
                + "\"at\":\"2020-02-02T02:02:02.222Z\",\"nothing\":null,"
                + "\"emoji\":\"\uD83D\uDE80 \\\"quoted\\\"\"}");
    assertThat(leased.payload().contentType()).isEqualTo("application/json");
    assertThat(leased.schedule()).isNull();
    assertThat(leased.progress().attempts()).isOne();
    assertThat(leased.progress().scheduledFor()).isEqualTo(now.minusSeconds(1));
    assertThat(collection.find().first()).containsEntry("msg", msg);
    assertThat(store.settle(List.of(new Settlement.Delete(leased.key(), leased.leased().token()))))
        .containsExactly(true);
    assertThat(collection.countDocuments()).isZero();
  }

  @Test
  void O03_whatWasNotTakenOverYetIsRescheduledUnlessItsLeaseRuns() {
    collection.insertOne(written("first", now.plusSeconds(3600)));
    Store store = open();
    assertThat(store.lease(QUEUE, 1, LONG)).isEmpty();
    awaitAdopted("first");
    collection.insertMany( // seen by the next sweep only, a minute later
        List.of(
            written("waits", now.plusSeconds(3600)),
            written("leased", now).append("locked", Date.from(now.plusSeconds(900)))));
    assertThat(store.reschedule(new Key(QUEUE, "leased"), now)).isFalse();
    assertThat(store.reschedule(new Key(QUEUE, "waits"), now)).isTrue();
    Entry leased = awaitLeased(store);
    assertThat(leased.key().id()).isEqualTo("waits");
    assertThat(leased.progress().scheduledFor()).isEqualTo(now);
    assertThat(leased.progress().attempts()).isOne();
    assertThat(store.lease(QUEUE, 10, LONG)).isEmpty();
  }

  @Test
  void messageThatIsNotDueWaitsUntilItIs() {
    collection.insertOne(written("a", now.plusSeconds(3600)));
    Store store = open();
    store.onWake(QUEUE, () -> {});
    awaitAdopted("a");
    assertThat(store.lease(QUEUE, 10, LONG)).isEmpty();
    assertThat(store.untilNextDue(QUEUE)).isPresent();
    assertThat(store.find(new Key(QUEUE, "a")).orElseThrow().progress().due())
        .isEqualTo(now.plusSeconds(3600));
  }

  @Test
  void recurringMessagesKeepTheirGridAndTheirEnd() {
    Instant ready = now.minusSeconds(10);
    Instant end = ready.plusSeconds(86_400);
    collection.insertOne(
        written("ends", ready).append("recur", 3_600_000L).append("expire", Date.from(end)));
    collection.insertOne(
        written("goes on", ready.plusMillis(1)).append("recur", 60_000).append("expire", null));
    Store store = open();
    Entry ends = awaitLeased(store);
    Entry goesOn = awaitLeased(store);
    assertThat(Schedule.parse(String.valueOf(ends.schedule())))
        .isEqualTo(Schedule.every(Duration.ofHours(1)).from(ready).until(end));
    assertThat(Schedule.parse(String.valueOf(goesOn.schedule())))
        .isEqualTo(Schedule.every(Duration.ofMinutes(1)).from(ready.plusMillis(1)));
  }

  @Test
  void expiredMessageHasItsEnd() {
    Instant ready = now.minusSeconds(10);
    collection.insertOne(
        written("late", ready)
            .append("recur", 4000L)
            .append("expire", Date.from(now.minusSeconds(1))));
    collection.insertOne(
        written("beyond", ready.plusMillis(1))
            .append("recur", 4000L)
            .append("expire", Date.from(ready.minusSeconds(5))));
    Store store = open();
    for (String id : List.of("late", "beyond")) {
      Entry leased = awaitLeased(store);
      assertThat(leased.key().id()).isEqualTo(id);
      Schedule schedule = Schedule.parse(String.valueOf(leased.schedule()));
      assertThat(schedule.until().orElseThrow()).isBefore(now); // so that it is removed at emission
    }
  }

  @Test
  void E03_lockedMessageStaysLockedUntilItsLockHasRunOut() {
    Instant locked = Instant.now().plusMillis(1500).truncatedTo(ChronoUnit.MILLIS);
    collection.insertOne(
        written("a", now.minusSeconds(60))
            .append("locked", Date.from(locked))
            .append("locked-by", UUID.randomUUID().toString()));
    Store store = open();
    assertThat(store.find(new Key(QUEUE, "a")).orElseThrow().state()).isEqualTo(State.LEASED);
    awaitAdopted("a");
    assertThat(store.find(new Key(QUEUE, "a")).orElseThrow().state()).isEqualTo(State.LEASED);
    Entry leased = awaitLeased(store);
    assertThat(store.now()).isAfterOrEqualTo(locked.minusMillis(5));
    assertThat(leased.progress().due()).isEqualTo(now.minusSeconds(60));
  }

  @Test
  void failedMessageKeepsItsErrorAsText() {
    Document map = new Document("type", "timeout").append("tries", 3);
    collection.insertOne(written("map", now.minusSeconds(3)).append("last-error", map));
    collection.insertOne(written("text", now.minusSeconds(2)).append("last-error", "refused"));
    collection.insertOne(
        written("long", now.minusSeconds(1)).append("last-error", "\u00e9".repeat(5000)));
    Store store = open();
    assertThat(awaitLeased(store).progress().lastError())
        .isEqualTo("{\"type\":\"timeout\",\"tries\":3}");
    assertThat(awaitLeased(store).progress().lastError()).isEqualTo("refused");
    assertThat(awaitLeased(store).progress().lastError()).isEqualTo("\u00e9".repeat(2048));
  }

  @Test
  void severalProcessesAdoptEachMessageOnceWhileListening() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      documents.add(written("m" + i, now.minusMillis(5_000 - i)));
    }
    collection.insertMany(documents);
    List<Store> all = List.of(open(), open(), open());
    List<String> emitted = new ArrayList<>();
    for (int turn = 0; emitted.size() < 2_000; turn++) {
      Store store = all.get(turn % 3);
      List<Entry> leased =
          await(
              () -> {
                List<Entry> some = store.lease(QUEUE, 200, LONG);
                return some.isEmpty() ? null : some;
              });
      leased.forEach(entry -> emitted.add(entry.key().id()));
    }
    assertThat(emitted).hasSize(2_000).doesNotHaveDuplicates();
  }

  @Test
  void adoptionThatWasCutOffGoesOn() {
    collection.insertOne(written("before", now.minusSeconds(2)));
    Store first = open();
    assertThat(awaitLeased(first).key().id()).isEqualTo("before");
    first.close();
    collection.insertOne(written("after", now.minusSeconds(1)));
    Store second = open();
    assertThat(awaitLeased(second).key().id()).isEqualTo("after");
    assertThat(second.lease(QUEUE, 10, LONG)).isEmpty();
    assertThat(second.find(new Key(QUEUE, "before")).orElseThrow().state()).isEqualTo(State.LEASED);
  }

  @Test
  void queueThatNobodyHasNamedYetIsKnownByItsIndex() {
    collection.createIndex(new Document("ready", -1).append("locked", -1));
    boolean kept =
        collection.listIndexes().into(new ArrayList<>()).stream()
            .anyMatch(index -> index.get("key", Document.class).containsKey("ready"));
    assumeTrue(kept, "this needs a server that keeps indexes");
    collection.insertOne(written("a", now.plusSeconds(60)));
    open();
    awaitAdopted("a");
  }

  @Test
  void whatIsNoMessageIsLeftAsItIs() {
    Document other = new Document("_id", "setting").append("value", 1);
    Document number = written("x", now.minusSeconds(9)).append("_id", 7);
    collection.insertMany(List.of(other, number, written("a", now.minusSeconds(1))));
    Store store = open();
    assertThat(awaitLeased(store).key().id()).isEqualTo("a");
    assertThat(store.purge(QUEUE)).isOne();
    assertThat(collection.find(new Document("_id", "setting")).first()).isEqualTo(other);
    assertThat(collection.find(new Document("_id", 7)).first()).isEqualTo(number);
  }

  @Test
  void messageIsFoundReplacedAndRemovedBeforeItIsAdopted() {
    collection.insertOne(written("a", now.plusSeconds(60)));
    Entry entry =
        Documents.entry(
            QUEUE,
            client
                .getDatabase(collection.getNamespace().getDatabaseName())
                .getCollection(QUEUE, BsonDocument.class)
                .find()
                .first(),
            now);
    assertThat(entry.state()).isEqualTo(State.SCHEDULED);
    assertThat(entry.progress().due()).isEqualTo(now.plusSeconds(60));
    assertThat(body(entry)).isEqualTo("{\"id\":\"a\",\"foo\":\"bar\"}");
    Store store = open();
    assertThat(store.remove(List.of(entry.key()))).containsExactly(true);
  }
}
