package dev.pitstop.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Source;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** What only Kafka has: keys, partitions, groups, transactions. */
final class KafkaTopicsTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final int TLS_HANDSHAKE = 22;
  private static final byte[] BYTES = {(byte) 0xff, 0, 1};
  private static final String AS_TEXT = "data:;base64,/wAB";

  private static PlainKafka broker() {
    return PlainKafka.shared();
  }

  private static Message<byte[]> text(String body) {
    return Message.of(PlainKafka.utf8(body));
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static Received next(BlockingQueue<Received> taken) throws InterruptedException {
    return Objects.requireNonNull(
        taken.poll(LONG.toSeconds(), TimeUnit.SECONDS), "nothing was handed out");
  }

  @Test
  void keysAreRecordsKeysAndHeadersOnTheWayIn() throws Exception {
    String topic = broker().freshTopic(1, Map.of());
    try (Destination byHeader = Brokers.destination(broker().address(topic));
        Destination usual =
            Brokers.destination(broker().address(topic).replace("key=key", "key=kafka-key"))) {
      get(byHeader.pass(text("1").header("key", "of the header").id("one")));
      get(usual.pass(text("2").header("kafka-key", "usual").header("kafka-offset", "left out")));
      get(usual.pass(text("3").header("kafka-key", AS_TEXT)));
      get(usual.pass(text("4")));
      SendException refused =
          failure(usual.pass(text("5").header("kafka-key", "data:;base64,no base64")));
      assertThat(refused.isLasting()).isTrue();
      assertThat(refused.reason()).contains("kafka-key").contains("Base64");
    }

    List<ConsumerRecord<byte[], byte[]>> records = broker().records(topic, 4);
    assertThat(records)
        .extracting(ConsumerRecord::key)
        .containsExactly(PlainKafka.utf8("of the header"), PlainKafka.utf8("usual"), BYTES, null);
    assertThat(records.get(0).headers())
        .contains(
            new RecordHeader("key", PlainKafka.utf8("of the header")),
            new RecordHeader("message-id", PlainKafka.utf8("one")));
    assertThat(records.get(1).headers()).isEmpty();

    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(topic))) {
      source.start(10, taken::add);
      assertThat(next(taken).message().headers()).containsEntry("kafka-key", "of the header");
      assertThat(next(taken).message().headers()).containsEntry("kafka-key", "usual");
      assertThat(next(taken).message().headers()).containsEntry("kafka-key", AS_TEXT);
      assertThat(next(taken).message().headers()).doesNotContainKey("kafka-key");
    }
  }

  @Test
  void whatIsNoTextIsHandedOutAsADataUrlAndWhatIsMissingAsEmpty() throws Exception {
    String topic = broker().freshTopic(1, Map.of());
    List<Header> headers =
        List.of(
            new RecordHeader("twice", PlainKafka.utf8("first")),
            new RecordHeader("twice", PlainKafka.utf8("last")),
            new RecordHeader("bytes", BYTES),
            new RecordHeader("none", null),
            new RecordHeader("Content-Type", PlainKafka.utf8("text/plain")));
    broker().put(List.of(new ProducerRecord<>(topic, 0, 1_000L, null, null, headers)));

    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(topic))) {
      source.start(10, taken::add);
      Message<byte[]> message = next(taken).message();
      assertThat(message.body()).isEmpty();
      assertThat(message.id()).contains(topic + "/0/0");
      assertThat(message.contentType()).contains("text/plain");
      assertThat(message.headers())
          .containsOnly(
              Map.entry("twice", "last"),
              Map.entry("bytes", AS_TEXT),
              Map.entry("none", ""),
              Map.entry("kafka-topic", topic),
              Map.entry("kafka-partition", "0"),
              Map.entry("kafka-offset", "0"),
              Map.entry("kafka-timestamp", "1970-01-01T00:00:01Z"));
    }
  }

  @Test
  void partitionsGoToANewMemberWithWhatIsNotSettledInTime() throws Exception {
    String topic = broker().freshTopic(4, Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add(new ProducerRecord<>(topic, i % 4, null, PlainKafka.utf8("" + i)));
    }
    broker().put(records);
    BlockingQueue<Received> old = new LinkedBlockingQueue<>();
    BlockingQueue<Received> young = new LinkedBlockingQueue<>();
    try (Source first = Brokers.source(broker().address(topic));
        Source second = Brokers.source(broker().address(topic))) {
      first.start(100, old::add);
      List<Received> held = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        held.add(next(old));
      }
      second.start(100, young::add);
      Set<String> moved = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        Received received = next(young);
        moved.add(received.message().id().orElseThrow());
        get(received.ack());
      }

      assertThat(moved).hasSize(20);
      for (Received received : held) {
        boolean gone = moved.contains(received.message().id().orElseThrow());
        if (gone) {
          assertThatThrownBy(() -> get(received.ack()))
              .isInstanceOf(ExecutionException.class)
              .hasMessageContaining("no longer this source's");
        } else {
          get(received.ack());
        }
      }
      get(first.stop(LONG));
      get(second.stop(FOR_EVER));
    }
    assertThat(young).isEmpty();
    assertThat(old).isEmpty();
  }

  @Test
  void oneThatIsNackedForEverHoldsBackWhatIsFarBehindIt() throws Exception {
    int count = (int) Share.WINDOW + 500;
    String topic = broker().freshTopic(1, Map.of());
    List<Message<byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(text(Integer.toString(i)));
    }
    broker().put(topic, messages);
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(topic))) {
      source.start(1_000, taken::add);
      Received first = next(taken);
      first.nack(SendException.passing("not now"));
      long others = 0;
      while (others < Share.WINDOW - 1) {
        Received received = next(taken);
        if (received.message().id().equals(first.message().id())) {
          received.nack(SendException.passing("not now"));
        } else {
          received.ack();
          others++;
        }
      }
      // only what is held back is left to be handed out
      Received again = next(taken);
      assertThat(again.message().id()).isEqualTo(first.message().id());
      assertThat(taken).isEmpty();
      get(again.ack());
      broker().put(topic, List.of(text("put later")));
      for (; others < count; others++) {
        get(next(taken).ack());
      }
      get(source.stop(LONG));
    }
    assertThat(broker().left(topic)).isZero();
  }

  @Test
  void whatATransactionTookBackIsNotHandedOut() throws Exception {
    String topic = broker().freshTopic(1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        broker().producer(Map.of("transactional.id", "kit"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, PlainKafka.utf8("taken back")));
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, PlainKafka.utf8("kept")));
      producer.commitTransaction();
    }
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(topic))) {
      source.start(10, taken::add);
      Received received = next(taken);
      assertThat(received.message().body()).isEqualTo(PlainKafka.utf8("kept"));
      get(received.ack());
      get(source.stop(LONG));
    }
    assertThat(broker().left(topic)).isLessThanOrEqualTo(1); // the mark of the transaction's end
  }

  @Test
  void aTopicThatIsMissingHoldsUpNoOther() throws Exception {
    String topic = broker().freshTopic(1, Map.of());
    String address = broker().address(topic).replace(topic, "{header:topic}");
    try (Destination destination = Brokers.destination(address)) {
      List<CompletableFuture<Void>> missing = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        missing.add(destination.pass(text("lost").header("topic", "nobodys")));
      }
      get(destination.pass(text("there").header("topic", topic)));
      for (CompletableFuture<Void> one : missing) {
        assertThat(failure(one).isLasting()).isFalse();
      }
    }
    assertThat(broker().records(topic, 1)).hasSize(1);
  }

  @Test
  void aLoginThatIsWrongIsToldAndNotShown() throws Exception {
    String topic = broker().freshTopic(1, Map.of());
    String address = broker().address(topic).replace(":secret@", ":wr%22o%5Cng@");
    try (Destination destination = Brokers.destination(address)) {
      SendException failure = failure(destination.pass(text("1")));
      assertThat(failure.isLasting()).isFalse();
      assertThat(failure.reason()).contains("Invalid username or password");
      assertThat(failure.toString()).doesNotContain("wr\"o");
    }
  }

  @Test
  void byTlsIsWhatTheAddressSays() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Destination destination =
            Brokers.destination(
                "kafkas://user:secret@127.0.0.1:" + server.getLocalPort() + "/t?timeout=3s")) {
      CompletableFuture<Void> sending = destination.pass(text("1"));
      try (Socket client = server.accept()) {
        assertThat(client.getInputStream().read()).isEqualTo(TLS_HANDSHAKE);
      }
      assertThat(failure(sending).isLasting()).isFalse();
    }
  }

  private static SendException failure(CompletableFuture<Void> sending) throws Exception {
    try {
      get(sending);
    } catch (ExecutionException e) {
      return (SendException) Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("confirmed");
  }

  @Test
  void aSourceNeedsATopicAndAGroup() {
    assertThatThrownBy(() -> Brokers.source("kafka://host/topic"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("group must be the name of a consumer group");
    assertThatThrownBy(() -> Brokers.source("kafka://host/{header:topic}?group=g"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("one topic");
    assertThatThrownBy(() -> Brokers.destination("kafka://host/a/b"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("must name a topic");
    assertThatThrownBy(() -> Brokers.destination("kafka://host/topic?sasl=md5"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("scram-sha-256");
    assertThatThrownBy(() -> Brokers.destination("kafka://host/topic?timeout=2d"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("from 100ms to 1d");
  }
}
