package dev.pitstop.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Source;
import dev.pitstop.servers.NatsServer;
import dev.pitstop.servers.TestCertificate;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is NATS's own way. */
final class NatsWaysTest {
  private static @Nullable PlainNats started;

  @BeforeAll
  static void startBroker() {
    started = PlainNats.start();
  }

  @AfterAll
  static void endBroker() {
    if (started != null) {
      started.close();
    }
  }

  private static PlainNats broker() {
    return Objects.requireNonNull(started);
  }

  private static Message<byte[]> text(String body) {
    return Message.of(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Received received) {
    return new String(received.message().body(), StandardCharsets.UTF_8);
  }

  private static Received next(BlockingQueue<Received> taken) throws InterruptedException {
    return Objects.requireNonNull(taken.poll(60, TimeUnit.SECONDS), "nothing was handed out");
  }

  private static void send(Destination destination, Message<byte[]> message) {
    destination.pass(message).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static SendException refused(Destination destination, Message<byte[]> message) {
    try {
      send(destination, message);
    } catch (CompletionException e) {
      return SendException.of(e);
    }
    throw new AssertionError("confirmed");
  }

  @Test
  void anIdThatTheStreamHasIsKeptOnce() {
    String place = broker().freshPlace();
    try (Destination destination = Brokers.destination(broker().address(place))) {
      send(destination, text("first").id("Zoë 1"));
      send(destination, text("again").id("Zoë 1"));
      send(destination, text("other").id("Zoë 2"));
    }
    assertThat(broker().read(place, 2))
        .extracting(one -> new String(one.body(), StandardCharsets.UTF_8))
        .containsExactly("first", "other");
  }

  @Test
  void whatTellsNatsWhatToDoIsNotSentAndWhatTellsOfTheArrivalIsHandedOut() throws Exception {
    String place = broker().freshPlace();
    try (Destination destination = Brokers.destination(broker().address(place))) {
      send(
          destination,
          text("one").header("Nats-Expected-Last-Sequence", "77").header("nats-sequence", "9"));
    }
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(place))) {
      source.start(1, taken::add);
      assertThat(next(taken).message().headers())
          .containsOnly(
              Map.entry("nats-subject", place),
              Map.entry("nats-stream", "stream-" + place.substring(place.lastIndexOf('.') + 1)),
              Map.entry("nats-sequence", "1"));
    }
  }

  @Test
  void headersThatTheClientCannotReadHoldUpNobody() throws Exception {
    String place = broker().freshPlace();
    broker()
        .put(
            place,
            List.of(
                text("umlaut").header("city", "Zürich"),
                text("name").header("a name", "x").header("ok", "y"),
                text("last")));
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(place))) {
      source.start(10, taken::add);
      assertThat(next(taken).message().headers()).containsEntry("city", "Zürich");
      assertThat(next(taken).message().headers())
          .containsEntry("a?name", "x")
          .containsEntry("ok", "y");
      assertThat(text(next(taken))).isEqualTo("last");
    }
  }

  @Test
  void valuesAreTheSameAgainWhateverIsInThem() throws Exception {
    Map<String, String> values =
        Map.of(
            "breaks", "a\r\nb: c",
            "blanks", "  x ",
            "nul", "a\0b",
            "word", "=?UTF-8?B?eA==?=",
            "broken-word", "=?UTF-8?B?/w==?=");
    String place = broker().freshPlace();
    try (Destination destination = Brokers.destination(broker().address(place))) {
      send(destination, text("one").headers(values));
    }
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(place))) {
      source.start(1, taken::add);
      assertThat(next(taken).message().headers()).containsAllEntriesOf(values);
    }
  }

  @Test
  void whatNatsCannotHaveIsRefusedForGood() {
    String place = broker().freshPlace();
    try (Destination destination = Brokers.destination(broker().address(place))) {
      SendException name = refused(destination, text("one").header("a name", "x"));
      assertThat(name.isLasting()).isTrue();
      assertThat(name.reason()).contains("header name").contains("a name");
    }
    String template = broker().address("place.X", "timeout=3s").replace("X", "{header:to}");
    try (Destination destination = Brokers.destination(template)) {
      for (String subject : List.of("*", "a b", "a..b", "")) {
        SendException failure = refused(destination, text("one").header("to", subject));
        assertThat(failure.isLasting()).as(subject).isTrue();
        assertThat(failure.reason()).as(subject).contains("must be a subject");
      }
    }
  }

  @Test
  void whatIsInHandsForLongIsNotHandedOutAgain() throws Exception {
    String place = broker().freshPlace();
    broker().put(place, List.of(text("slow"), text("nacked")));
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    String options = "timeout=10s&ack-wait=1s&durable=" + PlainNats.DURABLE;
    try (Source source = Brokers.source(broker().address(place, options))) {
      source.start(10, taken::add);
      Received slow = next(taken);
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 3; i++) { // a second each, so that the ack wait is over twice
        Received other = next(taken);
        seen.add(text(other));
        other.nack(SendException.passing("not now"));
      }
      slow.ack().orTimeout(60, TimeUnit.SECONDS).join();

      assertThat(seen).containsOnly("nacked");
    }
  }

  @Test
  void aConsumerThatIsDeletedIsMadeAgain() throws Exception {
    String place = broker().freshPlace();
    broker().put(place, List.of(text("one")));
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(place))) {
      source.start(10, taken::add);
      next(taken).ack().orTimeout(60, TimeUnit.SECONDS).join();
      String stream = "stream-" + place.substring(place.lastIndexOf('.') + 1);
      broker()
          .with(
              connection ->
                  connection.jetStreamManagement().deleteConsumer(stream, PlainNats.DURABLE));

      assertThat(text(next(taken))).isEqualTo("one"); // it begins anew
    }
  }

  @Test
  void aConsumerOfTheUsersIsTakenByAsItIs() throws Exception {
    String place = broker().freshPlace();
    broker().put(place, List.of(text("1"), text("2"), text("3"), text("4"), text("5")));
    String stream = "stream-" + place.substring(place.lastIndexOf('.') + 1);
    ConsumerInfo made =
        broker()
            .with(
                connection ->
                    connection
                        .jetStreamManagement()
                        .addOrUpdateConsumer(
                            stream,
                            ConsumerConfiguration.builder()
                                .durable("mine")
                                .filterSubject(place)
                                .maxBatch(2)
                                .maxExpires(Duration.ofSeconds(2))
                                .build()));
    assertThat(made.getConsumerConfiguration().getMaxBatch()).isEqualTo(2);
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    String options = "timeout=10s&durable=mine&stream=" + stream;
    try (Source source = Brokers.source(broker().address(place, options))) {
      source.start(100, taken::add);
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        seen.add(text(next(taken)));
      }
      assertThat(seen).containsExactly("1", "2", "3", "4", "5");
    }
  }

  @Test
  void aStreamThatIsMissingIsWaitedFor() throws Exception {
    BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
    String address = broker().address("place.later", "timeout=10s&durable=" + PlainNats.DURABLE);
    try (Source source = Brokers.source(address);
        Destination destination = Brokers.destination(address)) {
      source.start(1, taken::add);
      assertThat(refused(destination, text("early")).isLasting()).isFalse();
      broker().freshPlace(stream -> stream.name("later").subjects("place.later"));
      send(destination, text("one"));
      assertThat(text(next(taken))).isEqualTo("one");
    }
  }

  @Test
  void ofSeveralHostsOneThatAnswersIsTaken() {
    String place = broker().freshPlace();
    String address = broker().address(place).replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:");
    try (Destination destination = Brokers.destination(address)) {
      send(destination, text("one"));
    }
    assertThat(broker().read(place, 1)).hasSize(1);
  }

  @Test
  void aWrongPasswordIsToldAndNotShown() {
    String address = broker().address(broker().freshPlace()).replace(":secret@", ":wrong-one@");
    try (Destination destination = Brokers.destination(address)) {
      SendException failure = refused(destination, text("one"));
      assertThat(failure.reason())
          .containsIgnoringCase("authorization violation")
          .doesNotContain("wrong-one");
    }
  }

  @Test
  void tlsNeedsACertificateOfTheHostThatIsTrusted(@TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "broker", "RSA");
    Path file = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    certificate.write(file, key);
    // NATS runs as another user where root runs the tests
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String tls = "{ cert_file: \"" + file + "\", key_file: \"" + key + "\" }";
    SSLContext usual = SSLContext.getDefault();
    try (NatsServer server = NatsServer.start(Map.of("tls", tls))) {
      String address = server.address("nobody").replaceFirst("nats:", "natss:") + "?timeout=3s";
      assertThat(refused(address)).contains("PKIX");
      SSLContext.setDefault(certificate.trusting());
      assertThat(refused(address)).contains("No Responders"); // so it is connected
      assertThat(refused(address.replace("@127.0.0.1:", "@127.1:"))).contains("127.1");
    } finally {
      SSLContext.setDefault(usual);
    }
  }

  private static String refused(String address) {
    try (Destination destination = Brokers.destination(address)) {
      return refused(destination, text("one")).reason();
    }
  }

  @Test
  void noMoreWaitThanMayBeUnderWay() {
    CompletableFuture<Void> first;
    try (Destination away = Brokers.destination("nats://127.0.0.1:1/nobody?timeout=1h")) {
      first = away.pass(text("first"));
      for (int i = 1; i < 100_000; i++) {
        away.pass(text("more"));
      }
      assertThat(refused(away, text("one too many")).reason())
          .isEqualTo("more than 100000 messages wait for NATS to confirm");
      assertThat(first).isNotDone();
    }
    assertThatThrownBy(() -> first.orTimeout(60, TimeUnit.SECONDS).join())
        .hasMessageContaining("the sender is closed");
  }

  @Test
  void addressesThatNameNoPlaceAreRefused() {
    assertThatThrownBy(() -> Brokers.source("nats://h/a"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("durable");
    assertThatThrownBy(() -> Brokers.source("nats://h/a/b?durable=d"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("one subject");
    assertThatThrownBy(() -> Brokers.source("nats://h/{id}?durable=d"))
        .isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(() -> Brokers.destination("nats://h"))
        .isInstanceOf(InvalidFieldException.class);
    assertThatThrownBy(() -> Brokers.source("nats://h/a?durable=a.b"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("a.b");
    for (String option : List.of("timeout=99ms", "timeout=25h", "ack-wait=999ms")) {
      assertThatThrownBy(() -> Brokers.destination("nats://h/a?" + option))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageContaining(option.substring(option.indexOf('=') + 1));
    }
    assertThatThrownBy(() -> Brokers.destination("nats://u:p@h/a?token=verysecret"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageNotContaining("verysecret");
  }
}
