package dev.pitstop.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.pitstop.Codec;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.Intake;
import dev.pitstop.broker.QueueSource;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Source;
import dev.pitstop.servers.TestCertificate;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

/** What is RabbitMQ's own: exchanges, properties, types of headers, queues that come and go. */
class RabbitMqPlacesTest {
  private static @Nullable PlainRabbitMq started;
  private static @Nullable TestCertificate certificate;
  private static int tlsPort;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    TestCertificate made = TestCertificate.make(directory, "broker", "RSA");
    Path file = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    made.write(file, key);
    // RabbitMQ runs as another user where root runs the tests
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ServerSocket free = new ServerSocket(0)) {
      tlsPort = free.getLocalPort();
    }
    certificate = made;
    started =
        PlainRabbitMq.startEmpty(
            Map.of(
                "listeners.ssl.1", "127.0.0.1:" + tlsPort,
                "ssl_options.certfile", file.toString(),
                "ssl_options.keyfile", key.toString(),
                "ssl_options.cacertfile", file.toString()));
  }

  @AfterAll
  static void end() {
    if (started != null) {
      started.close();
    }
  }

  private static PlainRabbitMq broker() {
    return Objects.requireNonNull(started);
  }

  private static String boundTo(String exchange, String key) {
    String queue = broker().freshQueue(Map.of());
    broker().with(channel -> channel.queueBind(queue, exchange, key));
    return queue;
  }

  private static GetResponse get(String queue) {
    return broker()
        .with(
            channel -> {
              long end = System.nanoTime() + 60_000_000_000L;
              GetResponse got = channel.basicGet(queue, true);
              while (got == null && System.nanoTime() < end) {
                got = channel.basicGet(queue, true);
              }
              return Objects.requireNonNull(got, "nothing came");
            });
  }

  private static Received first(BlockingQueue<Received> received) throws InterruptedException {
    return Objects.requireNonNull(received.poll(60, TimeUnit.SECONDS), "nothing was handed out");
  }

  private static SendException failure(Destination destination, Message<byte[]> message) {
    try {
      destination.pass(message).orTimeout(60, TimeUnit.SECONDS).join();
      throw new AssertionError("confirmed");
    } catch (CompletionException e) {
      if (e.getCause() instanceof SendException failure) {
        return failure;
      }
      throw e;
    }
  }

  @Test
  void exchangeAndRoutingKeyMayComeFromHeaders() {
    String queue = boundTo("amq.topic", "orders.*");
    String address = broker().address("{header:exchange}", "").replace("/?", "/{header:key}?");
    try (Destination destination = Brokers.destination(address)) {
      Message<byte[]> message = Message.of(new byte[] {1}).header("exchange", "amq.topic");
      destination.pass(message.header("key", "orders.eu/1")).join();
      destination.pass(message.header("exchange", "").header("key", queue)).join();

      assertThat(failure(destination, message).isLasting()).isTrue();
    }
    assertThat(get(queue).getEnvelope().getRoutingKey()).isEqualTo("orders.eu/1");
    assertThat(get(queue).getEnvelope().getRoutingKey()).isEqualTo(queue);
  }

  @Test
  void ofManyUnderWayThoseFailThatAreReturned() {
    String queue = broker().freshQueue(Map.of());
    Map<String, Object> wanted = Map.of("x-match", "all", "go", "yes");
    broker().with(channel -> channel.queueBind(queue, "amq.headers", "", wanted));
    List<CompletableFuture<Void>> sendings = new ArrayList<>();
    try (Destination destination = Brokers.destination(broker().address("amq.headers", "key"))) {
      for (int i = 0; i < 1_000; i++) {
        // the same but for a header, two by two
        Message<byte[]> message = Message.of(new byte[] {(byte) (i / 2), (byte) (i / 512)});
        sendings.add(destination.pass(message.header("go", i % 2 == 0 ? "yes" : "no")));
      }
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Void> sending = sendings.get(i);
        if (i % 2 == 0) {
          sending.orTimeout(60, TimeUnit.SECONDS).join();
        } else {
          assertThatThrownBy(() -> sending.orTimeout(60, TimeUnit.SECONDS).join())
              .hasMessageContaining("NO_ROUTE");
        }
      }
    }
    assertThat(broker().read(queue, 500)).hasSize(500);
  }

  @Test
  void propertiesGoOutFromHeadersAndTheRestAsHeaders() {
    String queue = broker().freshQueue(Map.of());
    Message<byte[]> message =
        Message.of(new byte[] {1})
            .id("id")
            .contentType("text/plain")
            .header("rabbitmq-correlation-id", "c")
            .header("rabbitmq-reply-to", "r")
            .header("rabbitmq-type", "t")
            .header("rabbitmq-app-id", "a")
            .header("RabbitMQ-Priority", "7")
            .header("rabbitmq-expiration", "60000")
            .header("rabbitmq-content-encoding", "gzip")
            .header("rabbitmq-timestamp", "2026-05-01T12:00:00Z")
            .header("rabbitmq-user-id", "somebody")
            .header("rabbitmq-exchange", "from")
            .header("rabbitmq-routing-key", "by")
            .header("CC", "others")
            .header("other", "x");
    try (Destination destination = Brokers.destination(broker().address(queue))) {
      destination.pass(message).join();
      destination.pass(message.header("rabbitmq-message-id", "first")).join();
      assertThat(failure(destination, message.header("rabbitmq-priority", "300")).reason())
          .contains("rabbitmq-priority");
      assertThat(failure(destination, message.header("n".repeat(256), "x")).reason())
          .contains("header name must be at most 255 UTF-8 bytes");
      assertThat(failure(destination, message.header("n", "x".repeat(200_000))).isLasting())
          .isTrue();
    }
    BasicProperties properties = get(queue).getProps();
    assertThat(properties.getMessageId()).isEqualTo("id");
    assertThat(properties.getContentType()).isEqualTo("text/plain");
    assertThat(properties.getCorrelationId()).isEqualTo("c");
    assertThat(properties.getReplyTo()).isEqualTo("r");
    assertThat(properties.getType()).isEqualTo("t");
    assertThat(properties.getAppId()).isEqualTo("a");
    assertThat(properties.getPriority()).isEqualTo(7);
    assertThat(properties.getExpiration()).isEqualTo("60000");
    assertThat(properties.getContentEncoding()).isEqualTo("gzip");
    assertThat(properties.getTimestamp()).isEqualTo(Instant.parse("2026-05-01T12:00:00Z"));
    assertThat(properties.getDeliveryMode()).isEqualTo(2);
    assertThat(properties.getHeaders()).containsOnlyKeys("other");
    assertThat(get(queue).getProps().getMessageId()).isEqualTo("first");
  }

  @Test
  void headersOfEveryTypeComeInAsText() throws InterruptedException {
    String queue = boundTo("amq.direct", "key");
    Map<String, Object> table = new LinkedHashMap<>();
    table.put("text", "ä");
    table.put("number", 5_000_000_000L);
    table.put("small", (byte) -1);
    table.put("fraction", 0.5);
    table.put("flag", true);
    table.put("time", Date.from(Instant.parse("2026-05-01T12:00:00Z")));
    table.put("bytes", new byte[] {'o', 'k'});
    table.put("noText", new byte[] {(byte) 0xff, 0});
    table.put("nothing", null);
    table.put("x-death", List.of(Map.of("count", 1L)));
    broker()
        .with(
            channel -> {
              BasicProperties properties =
                  new BasicProperties.Builder()
                      .headers(table)
                      .messageId("m")
                      .userId("pitstop")
                      .priority(3)
                      .timestamp(Date.from(Instant.parse("2026-05-01T12:00:00Z")))
                      .build();
              channel.basicPublish("amq.direct", "key", properties, new byte[0]);
              return true;
            });
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(queue))) {
      source.start(10, received::add);
      Message<byte[]> message = first(received).message();
      assertThat(message.id()).isEmpty();
      assertThat(message.headers())
          .isEqualTo(
              Map.ofEntries(
                  Map.entry("text", "ä"),
                  Map.entry("number", "5000000000"),
                  Map.entry("small", "-1"),
                  Map.entry("fraction", "0.5"),
                  Map.entry("flag", "true"),
                  Map.entry("time", "2026-05-01T12:00:00Z"),
                  Map.entry("bytes", "ok"),
                  Map.entry("noText", "data:;base64,/wA="),
                  Map.entry("nothing", ""),
                  Map.entry("rabbitmq-message-id", "m"),
                  Map.entry("rabbitmq-user-id", "pitstop"),
                  Map.entry("rabbitmq-priority", "3"),
                  Map.entry("rabbitmq-timestamp", "2026-05-01T12:00:00Z"),
                  Map.entry("rabbitmq-exchange", "amq.direct"),
                  Map.entry("rabbitmq-routing-key", "key")));
    }
  }

  /** What users of the delayed message exchange do. */
  @Test
  void anXDelayIsWaitedForAndTheRoutingKeyIsTheWayOut() {
    String delayed = boundTo("amq.fanout", "");
    String orders = boundTo("amq.topic", "orders.new");
    Map<String, Object> headers = Map.of("x-delay", 1_500, "tenant", "acme");
    BasicProperties properties = new BasicProperties.Builder().headers(headers).build();
    String out = broker().address("amq.topic", "").replace("/?", "/{header:rabbitmq-routing-key}?");
    try (Pitstop pitstop = Pitstop.open("memory:");
        Destination destination = Brokers.destination(out)) {
      MessageQueue<byte[]> queue = pitstop.queue("delayed", Codec.bytes());
      Source in = Brokers.source(broker().address(delayed));
      QueueSource due = new QueueSource(queue, ListenerOptions.defaults());
      try (Relay storing = Relay.start(in, new Intake(queue, Optional.empty()), 10);
          Relay emitting = Relay.start(due, destination, 10)) {
        long sent = System.nanoTime();
        broker()
            .with(
                channel -> {
                  channel.basicPublish("amq.fanout", "orders.new", properties, new byte[] {7});
                  return true;
                });
        GetResponse got = get(orders);
        assertThat(System.nanoTime() - sent).isGreaterThan(1_500_000_000L);
        assertThat(got.getBody()).isEqualTo(new byte[] {7});
        assertThat(got.getProps().getHeaders().get("tenant")).hasToString("acme");
        assertThat(got.getProps().getHeaders())
            .containsKey("pitstop-scheduled-for")
            .doesNotContainKey("x-delay");
        assertThat(storing.lastFailure()).isEmpty();
        assertThat(emitting.lastFailure()).isEmpty();
      }
    }
  }

  @Test
  void queuesAreMadeOnlyWhenAskedFor() {
    String missing = "made " + System.nanoTime();
    String address = broker().address(missing);
    try (Destination none = Brokers.destination(address)) {
      assertThat(failure(none, Message.of(new byte[0])).reason()).contains("NO_ROUTE");
    }
    try (Destination quorum = Brokers.destination(address + "&declare=quorum")) {
      quorum.pass(Message.of(new byte[] {1})).join();
    }
    try (Destination other = Brokers.destination(address + "&declare=classic")) {
      assertThat(failure(other, Message.of(new byte[0])).reason()).contains("x-queue-type");
    }
    assertThat(get(missing).getBody()).hasSize(1);
  }

  @Test
  void aSourceGoesOnWhenItsQueueIsMadeAgain() throws Exception {
    String queue = broker().freshQueue(Map.of());
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(queue))) {
      source.start(10, received::add);
      broker().put(queue, List.of(Message.of(new byte[] {1})));
      first(received).ack();
      broker().with(channel -> channel.queueDelete(queue));
      broker().with(channel -> channel.queueDeclare(queue, true, false, false, Map.of()));
      broker().put(queue, List.of(Message.of(new byte[] {2})));
      assertThat(first(received).message().body()).isEqualTo(new byte[] {2});
    }
  }

  @Test
  void theFirstSettleCounts() throws Exception {
    String queue = broker().freshQueue(Map.of());
    broker().put(queue, List.of(Message.of(new byte[] {1})));
    BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    try (Source source = Brokers.source(broker().address(queue))) {
      source.start(10, received::add);
      Received one = first(received);
      one.ack().join();
      one.nack(SendException.passing("too late")).join();
      source.stop(Duration.ofSeconds(30)).join();
    }
    assertThat(broker().left(queue)).isZero();
  }

  @Test
  void aBrokerThatIsOutOfRoomIsToldOf() {
    try (PlainRabbitMq full =
        PlainRabbitMq.startEmpty(Map.of("disk_free_limit.absolute", "1000000000000000"))) {
      String queue = full.freshQueue(Map.of());
      try (Destination destination = Brokers.destination(full.address(queue))) {
        SendException failure = failure(destination, Message.of(new byte[] {1}));
        assertThat(failure.reason()).contains("RabbitMQ takes nothing: low on disk");
        assertThat(failure.isLasting()).isFalse();
      }
    }
  }

  @Test
  void ofSeveralHostsOneThatAnswersIsTaken() {
    String queue = broker().freshQueue(Map.of());
    String address = broker().address(queue).replace("@127.0.0.1:", "@127.0.0.1:1,127.0.0.1:");
    try (Destination destination = Brokers.destination(address)) {
      destination.pass(Message.of(new byte[] {1})).orTimeout(60, TimeUnit.SECONDS).join();
    }
    assertThat(get(queue).getBody()).hasSize(1);
  }

  @Test
  void wrongLoginsAreToldWithoutThePassword() {
    String address = broker().address("q").replace(":secret@", ":wrong-one@");
    try (Destination destination = Brokers.destination(address)) {
      SendException failure = failure(destination, Message.of(new byte[] {1}));
      assertThat(failure.reason()).contains("ACCESS_REFUSED").doesNotContain("wrong-one");
    }
  }

  @Test
  void tlsNeedsACertificateThatIsTrusted() throws Exception {
    String queue = broker().freshQueue(Map.of());
    String address =
        broker().address(queue).replaceFirst("rabbitmq(.*):\\d+/", "rabbitmqs$1:" + tlsPort + "/");
    try (Destination destination = Brokers.destination(address)) {
      assertThat(failure(destination, Message.of(new byte[] {1})).reason()).contains("PKIX");
    }
    SSLContext usual = SSLContext.getDefault();
    SSLContext.setDefault(Objects.requireNonNull(certificate).trusting());
    try (Destination destination = Brokers.destination(address)) {
      destination.pass(Message.of(new byte[] {2})).join();
    } finally {
      SSLContext.setDefault(usual);
    }
    assertThat(get(queue).getBody()).isEqualTo(new byte[] {2});
  }

  @Test
  void noMoreWaitThanMayBeUnderWay() {
    Message<byte[]> message = Message.of(new byte[] {1});
    CompletableFuture<Void> first;
    try (Destination away = Brokers.destination("rabbitmq://127.0.0.1:1/nobody?timeout=1h")) {
      first = away.pass(message);
      for (int i = 1; i < 100_000; i++) {
        away.pass(message);
      }
      assertThat(failure(away, message).reason())
          .isEqualTo("more than 100000 messages wait for RabbitMQ to confirm");
      assertThat(first).isNotDone();
    }
    assertThatThrownBy(() -> first.orTimeout(60, TimeUnit.SECONDS).join())
        .hasMessageContaining("the sender is closed");
  }

  @Test
  void addressesThatCannotBeOnesAreRefused() {
    List<String> noSource = List.of("", "/", "/a/b", "/{header:x}");
    for (String path : noSource) {
      assertThatThrownBy(() -> Brokers.source("rabbitmq://host" + path))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageContaining("must name a queue to take from");
    }
    for (String path : List.of("", "/", "/a/", "/a/b/c")) {
      assertThatThrownBy(() -> Brokers.destination("rabbitmq://host" + path))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessageContaining("must name a queue, or an exchange and a routing key");
    }
    assertThatThrownBy(() -> Brokers.source("rabbitmq://host/q?declare=lazy"))
        .hasMessage("declare must be none, quorum or classic, was lazy");
    for (String wrong : List.of("99ms", "25h")) {
      assertThatThrownBy(() -> Brokers.source("rabbitmq://host/q?timeout=" + wrong))
          .hasMessage("timeout must be from 100ms to 1d, was " + wrong);
    }
    assertThatThrownBy(() -> Brokers.source("rabbitmq://host/q?prefetch=7"))
        .hasMessageContaining("vhost, declare, timeout");
  }
}
