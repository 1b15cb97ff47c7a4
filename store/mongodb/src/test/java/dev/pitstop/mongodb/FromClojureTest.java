package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import clojure.java.api.Clojure;
import clojure.lang.AFn;
import clojure.lang.IFn;
import clojure.lang.Keyword;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import dev.pitstop.MessageQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bson.Document;
import org.junit.jupiter.api.Test;

/** The Clojure of docs/from-clojure.md, run as it stands there. */
final class FromClojureTest {
  private static final Path PAGE = Path.of("../../docs/from-clojure.md");
  private static final Pattern CODE = Pattern.compile("(?s)```clojure\n(.*?)```");
  private static final IFn EVALUATE = Clojure.var("clojure.core", "load-string");

  private static Object evaluate(String code) {
    return EVALUATE.invoke("(ns page)\n" + code);
  }

  @Test
  void everyCallOfThePageDoesWhatItSays() throws IOException, InterruptedException {
    List<String> blocks =
        CODE.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertThat(blocks).hasSize(7);
    String address = TestServer.freshDatabase();
    BlockingQueue<Map<?, ?>> handled = new LinkedBlockingQueue<>();
    try (MongoClient client = MongoClients.create(address)) {
      MongoCollection<Document> collection =
          client.getDatabase(address.replaceFirst(".*/([^/?]+).*", "$1")).getCollection("deferred");
      collection.insertOne(
          new Document("_id", "old")
              .append("ready", Date.from(Instant.now().minusSeconds(60)))
              .append("msg", new Document("id", "old").append("foo", "bar"))
              .append("locked", Date.from(Instant.now().minusSeconds(3600))));
      evaluate("");
      Clojure.var("clojure.core", "intern")
          .invoke(
              Clojure.read("page"),
              Clojure.read("handle-msg"),
              new AFn() {
                @Override
                public Object invoke(Object msg) {
                  return handled.add((Map<?, ?>) msg);
                }
              });
      for (String block : blocks.subList(0, 5)) {
        evaluate(block.replace("mongodb://localhost:27017/app", address));
      }
      MessageQueue<?> queue = (MessageQueue<?>) evaluate("queue");
      assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo(msg("old", "bar"));
      assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo(msg("def", "baz"));
      assertThat(handled.poll(30, TimeUnit.SECONDS)).isEqualTo(msg("abc", "update-bar"));
      Document waiting = collection.find(new Document("msg.msg", "object")).first();
      assertThat(waiting).isNotNull();
      awaitSettled(queue);
      Document recurring = collection.find(new Document("_id", "def")).first();
      assertThat(recurring).isNotNull();
      assertThat(recurring.getLong("recur")).isEqualTo(Duration.ofHours(1).toMillis());
      assertThat(queue.stats().join().scheduled()).isEqualTo(2);
      assertThat(evaluate(blocks.get(5))).isEqualTo(false); // it was acked
      evaluate(blocks.get(6));
      assertThat(handled).isEmpty();
    }
  }

  private static Map<?, ?> msg(String id, String foo) {
    return Map.of(Keyword.intern("id"), id, Keyword.intern("foo"), foo);
  }

  private static void awaitSettled(MessageQueue<?> queue) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (queue.stats().join().leased() > 0) {
      assertThat(System.nanoTime() - deadline).as("time left").isNegative();
      Thread.onSpinWait();
    }
  }
}
