package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Storing and acking in a transaction with the application's own documents. */
final class TransactionTest {
  private final String address = TestServer.freshDatabase();
  private final Pitstop pitstop = Pitstop.open(address);
  private final MessageQueue<String> queue = pitstop.queue("q", Codec.text());

  @AfterEach
  void close() {
    pitstop.close(Duration.ZERO);
  }

  private MongoCollection<Document> own() {
    assumeTrue(TestServer.isReal(), "transactions need a replica set in PITSTOP_TEST_MONGODB");
    String database = address.replaceFirst(".*/([^/?]+).*", "$1");
    MongoCollection<Document> own =
        queue.unwrap(MongoQueue.class).client().getDatabase(database).getCollection("own");
    own.insertOne(new Document("_id", "made before"));
    return own;
  }

  @Test
  void queueAndDeliveryAreOfferedByTheirTypes() throws InterruptedException {
    assertThat(queue.unwrap(MongoQueue.class).client()).isNotNull();
    assertThatThrownBy(() -> queue.unwrap(String.class))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("MongoStore");
    Delivery<String> delivery = delivered();
    assertThat(delivery.unwrap(MongoDelivery.class).client())
        .isSameAs(queue.unwrap(MongoQueue.class).client());
  }

  private Delivery<String> delivered() throws InterruptedException {
    BlockingQueue<Delivery<String>> deliveries = new LinkedBlockingQueue<>();
    queue.store(Message.of("body").id("a"), Instant.now()).join();
    queue.listen(ListenerOptions.defaults().manualAck(), deliveries::add);
    Delivery<String> delivery = deliveries.poll(30, TimeUnit.SECONDS);
    assertThat(delivery).as("a delivery within 30 s").isNotNull();
    return delivery;
  }

  @Test
  void X01_messageIsStoredWhenTheTransactionIsCommittedAndNotOtherwise() {
    MongoCollection<Document> own = own();
    MongoQueue mongo = queue.unwrap(MongoQueue.class);
    Schedule later = Schedule.at(Instant.now().plusSeconds(60));
    try (ClientSession session = mongo.client().startSession()) {
      session.startTransaction();
      own.insertOne(session, new Document("_id", "1"));
      assertThat(mongo.store(session, Message.of("body").id("a"), later).outcome())
          .isEqualTo(Stored.Outcome.CREATED);
      assertThat(queue.find("a").join()).isEmpty();
      session.abortTransaction();
      assertThat(queue.find("a").join()).isEmpty();
      session.startTransaction();
      own.insertOne(session, new Document("_id", "1"));
      mongo.store(session, Message.of("body").id("a"), later);
      session.commitTransaction();
    }
    assertThat(queue.find("a").join()).isPresent();
    assertThat(own.countDocuments()).isEqualTo(2);
  }

  @Test
  void X02_ackLandsWithTheHandlersOwnDocumentsOrNotAtAll() throws InterruptedException {
    MongoCollection<Document> own = own();
    Delivery<String> delivery = delivered();
    MongoDelivery mongo = delivery.unwrap(MongoDelivery.class);
    try (ClientSession session = mongo.client().startSession()) {
      session.startTransaction();
      assertThat(mongo.ack(session)).isTrue();
      session.abortTransaction();
      assertThat(queue.find("a").join()).isPresent();
      session.startTransaction();
      own.insertOne(session, new Document("_id", "effect"));
      assertThat(mongo.ack(session)).isTrue();
      session.commitTransaction();
    }
    assertThat(queue.find("a").join()).isEmpty();
    assertThat(delivery.ack().join()).isTrue();
  }
}
