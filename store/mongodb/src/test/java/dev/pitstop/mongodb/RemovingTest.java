package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.pitstop.IfPresent;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each deletion of a batch has its own answer, whatever others do at once. */
final class RemovingTest {
  private static final int MESSAGES = 300;

  private final String address = TestServer.freshDatabase();
  private final Store store = TestServer.open(address);
  private final Store other = TestServer.open(address);

  @AfterEach
  void close() {
    store.close();
    other.close();
  }

  private List<Put> puts() {
    Instant due = store.now().minusMillis(20);
    return IntStream.range(0, MESSAGES)
        .mapToObj(
            i -> {
              Instant at = Instant.ofEpochMilli(due.toEpochMilli());
              Payload payload = new Payload(new byte[0], "text/plain", Map.of());
              Key key = new Key("q", "m" + i);
              Entry entry = Entry.scheduled(key, payload, null, Progress.starting(at));
              return new Put(entry, IfPresent.REPLACE, false);
            })
        .toList();
  }

  private List<Settlement> leasedAcks() {
    store.put(puts());
    List<Entry> leased = store.lease("q", MESSAGES, Duration.ofHours(1));
    assertThat(leased).hasSize(MESSAGES);
    return leased.stream()
        .<Settlement>map(e -> new Settlement.Delete(e.key(), e.leased().token()))
        .toList();
  }

  @Test
  void T06_batchesOfAcksAndRemovalsEndEachMessageOnce() {
    for (int round = 0; round < 5; round++) {
      List<Settlement> acks = leasedAcks();
      CompletableFuture<List<Boolean>> removed =
          CompletableFuture.supplyAsync(
              () -> other.remove(acks.stream().map(Settlement::key).toList()));
      List<Boolean> acked = store.settle(acks);
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(acked.get(i)).as("acked m%s", i).isNotEqualTo(removed.join().get(i));
      }
      assertThat(store.purge("q")).isZero();
    }
  }

  @Test
  void S03_batchesOfAcksAndUpdatesAgreeOnWhichCameFirst() {
    for (int round = 0; round < 5; round++) {
      List<Settlement> acks = leasedAcks();
      CompletableFuture<List<PutResult>> updated =
          CompletableFuture.supplyAsync(() -> other.put(puts()));
      List<Boolean> acked = store.settle(acks);
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(updated.join().get(i).equals(PutResult.CREATED))
            .as("m%s is created anew exactly when the ack came first", i)
            .isEqualTo(acked.get(i));
      }
      assertThat(store.purge("q")).isEqualTo(MESSAGES);
    }
  }

  @Test
  void H03_whatAProcessHadRemovedBeforeItDiedIsGone() {
    store.put(puts().subList(0, 3));
    try (MongoClient client = MongoClients.create(address)) {
      client
          .getDatabase(address.replaceFirst(".*/([^/?]+).*", "$1"))
          .getCollection("q")
          .updateMany(
              new Document("_id", new Document("$in", List.of("m0", "m1"))),
              new Document(
                      "$set",
                      new Document("gone", "by the dead")
                          .append("gone-at", Date.from(store.now().minusSeconds(60))))
                  .append("$unset", new Document("due", "")));
    }
    assertThat(store.find(new Key("q", "m0"))).isEmpty();
    assertThat(store.remove(List.of(new Key("q", "m0")))).containsExactly(false);
    assertThat(store.put(puts().subList(0, 1))).containsExactly(PutResult.CREATED);
    assertThat(store.lease("q", 10, Duration.ofHours(1)).stream().map(e -> e.key().id()))
        .containsExactlyInAnyOrder("m0", "m2");
  }
}
