package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** Documents that somebody has changed by hand, so that nothing can be made of them. */
final class UnreadableTest {
  private static final Map<String, Object> HEADERS =
      Map.of(
          "text", "name: value",
          "object", new Document("name", "value"),
          "numbers", List.of(1, 2),
          "no value", List.of(new Document("name", "name")),
          "value of another kind", List.of(new Document("name", "name").append("value", 1)));

  private static Put put(String id) {
    Payload payload =
        new Payload("body".getBytes(StandardCharsets.UTF_8), "text/plain", Map.of("name", "value"));
    return new Put(
        Entry.scheduled(new Key("q", id), payload, null, Progress.starting(Instant.EPOCH)),
        IfPresent.REPLACE,
        false);
  }

  @Test
  void F03_unreadableDocumentIsBuriedWithTheReasonAndTheOthersAreLeased() {
    String address = TestServer.freshDatabase();
    try (Store store = TestServer.open(address);
        MongoClient client = MongoClients.create(address)) {
      store.put(List.of(put("first")));
      HEADERS.keySet().forEach(id -> store.put(List.of(put(id))));
      store.put(List.of(put("last")));
      String name = address.substring(address.lastIndexOf('/') + 1).replaceFirst("[?].*", "");
      MongoCollection<Document> messages = client.getDatabase(name).getCollection("q");
      HEADERS.forEach(
          (id, headers) ->
              assertThat(
                      messages
                          .updateOne(Filters.eq("_id", id), Updates.set("headers", headers))
                          .getModifiedCount())
                  .isOne());
      assertThat(store.find(new Key("q", "numbers"))).as("visible before it is leased").isPresent();
      assertThat(store.lease("q", 100, Duration.ofMinutes(1)))
          .extracting(entry -> entry.key().id() + entry.payload().headers())
          .containsExactly("first{name=value}", "last{name=value}");
      List<Entry> buried = store.list("q", Filter.of(State.BURIED), Optional.empty(), 100).items();
      assertThat(buried).hasSize(HEADERS.size());
      assertThat(buried)
          .allSatisfy(
              entry -> {
                assertThat(entry.progress().lastError()).startsWith("headers cannot be read");
                assertThat(entry.progress().attempts()).isZero();
                assertThat(entry.payload().body())
                    .isEqualTo("body".getBytes(StandardCharsets.UTF_8));
              });
    }
  }

  @Test
  void F03_documentWhoseNumbersAreNoneIsBuriedWithTheReasonAndTheOthersAreLeased() {
    String address = TestServer.freshDatabase();
    try (Store store = TestServer.open(address);
        MongoClient client = MongoClients.create(address)) {
      List<String> fields = List.of("attempts", "token", "seq", "missed");
      store.put(List.of(put("first")));
      fields.forEach(id -> store.put(List.of(put(id))));
      store.put(List.of(put("last")));
      String name = address.substring(address.lastIndexOf('/') + 1).replaceFirst("[?].*", "");
      MongoCollection<Document> messages = client.getDatabase(name).getCollection("q");
      fields.forEach(
          field -> messages.updateOne(Filters.eq("_id", field), Updates.set(field, "three")));
      messages.insertOne(new Document("due", Instant.EPOCH).append("what", "of another program"));
      assertThat(store.find(new Key("q", "attempts")))
          .as("visible before it is leased")
          .isPresent();
      assertThat(store.lease("q", 100, Duration.ofMinutes(1)))
          .extracting(entry -> entry.key().id())
          .containsExactly("first", "last");
      assertThat(store.untilNextDue("q")).hasValueSatisfying(wait -> assertThat(wait).isPositive());
      List<Entry> buried = store.list("q", Filter.of(State.BURIED), Optional.empty(), 100).items();
      assertThat(buried)
          .extracting(entry -> entry.progress().lastError())
          .containsExactlyInAnyOrderElementsOf(
              fields.stream().map(f -> f + " cannot be read: it must be a number").toList());
      assertThat(store.requeueAll("q")).isEqualTo(fields.size());
      assertThat(store.lease("q", 100, Duration.ofMinutes(1)))
          .extracting(entry -> entry.key().id())
          .contains("attempts", "token", "seq");
    }
  }
}
