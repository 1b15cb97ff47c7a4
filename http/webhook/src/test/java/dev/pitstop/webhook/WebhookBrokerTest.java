package dev.pitstop.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.broker.tck.SenderContract;
import dev.pitstop.servers.Sink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP targets as places that are sent to. */
final class WebhookBrokerTest extends SenderContract {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir private static Path directory = Path.of("");

  private static PlainTarget target;

  @BeforeAll
  static void startTarget() throws IOException {
    Path file = directory.resolve("secret");
    Files.writeString(file, SECRET + "\n");
    target = new PlainTarget("allowPrivate=true&timeout=3s&secretFile=" + file, SECRET);
  }

  @AfterAll
  static void endTarget() {
    target.close();
  }

  @Override
  public PlainBroker broker() {
    return target;
  }

  private static Message<byte[]> text(String body) {
    return Message.of(body.getBytes(StandardCharsets.UTF_8));
  }

  private static SendException failure(Destination destination, Message<byte[]> message) {
    try {
      destination.pass(message).join();
    } catch (CompletionException e) {
      return SendException.of(e);
    }
    throw new AssertionError("confirmed");
  }

  /** Posts are under way at once, so their order says nothing. */
  @Override
  @Test
  public void B01_whatIsConfirmedIsThereAfterAKill() {
    String place = target.freshPlace();
    List<String> bodies = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    try (Destination destination = Brokers.destination(target.address(place))) {
      CompletableFuture.allOf(
              bodies.stream()
                  .map(body -> destination.pass(text(body)))
                  .toArray(CompletableFuture[]::new))
          .join();
      target.kill();
      target.restart();
    }
    assertThat(target.read(place, 100))
        .extracting(message -> new String(message.body(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrderElementsOf(bodies);
  }

  /** HTTP's headers hold visible ASCII: what is not is percent-encoded, as UTF-8. */
  @Override
  @Test
  public void B05_bytesAndHeadersArriveAsTheyWereSent() {
    byte[] everyByte = new byte[1 << 20];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    String place = target.freshPlace();
    try (Destination destination = Brokers.destination(target.address(place))) {
      destination
          .pass(
              Message.of(everyByte)
                  .id("order 7")
                  .contentType("application/json; charset=utf-8")
                  .header("plain", "a  \"b\";=,")
                  .header("other", "Zoë 🚚")
                  .header("Host", "elsewhere")
                  .header("webhook-id", "mine")
                  .header("pitstop-queue", "orders"))
          .join();
      destination.pass(Message.of(new byte[0])).join();
    }
    List<Message<byte[]>> all = target.read(place, 2);
    Message<byte[]> first = all.get(0);
    assertThat(first.body()).isEqualTo(everyByte);
    assertThat(first.contentType()).contains("application/json; charset=utf-8");
    assertThat(first.headers())
        .containsEntry("plain", "a  \"b\";=,")
        .containsEntry("other", "Zo%C3%AB %F0%9F%9A%9A")
        .containsEntry("webhook-id", "msg_order 7")
        .containsEntry("pitstop-queue", "orders");
    assertThat(first.headers().get("host")).isNotEqualTo("elsewhere");
    long timestamp = Long.parseLong(first.headers().getOrDefault("webhook-timestamp", ""));
    assertThat(first.headers())
        .containsEntry(
            "webhook-signature",
            Signing.sign(List.of(SECRET), "msg_order 7", timestamp, everyByte));
    assertThat(all.get(1).body()).isEmpty();
    assertThat(all.get(1).headers().getOrDefault("webhook-id", "")).startsWith("msg_");
  }

  @Test
  void thePathMayComeFromHeadersAndStaysBelowWhatIsWritten() {
    String place = target.freshPlace();
    String address = target.address(place + "-{header:kind}");
    try (Destination destination = Brokers.destination(address)) {
      destination.pass(text("x").header("kind", "a b/c?d")).join();
      assertThat(failure(destination, text("x")).isLasting()).isTrue();
    }
    assertThat(target.read(place + "-a%20b%2Fc%3Fd", 1)).hasSize(1);
    try (Destination destination = Brokers.destination(target.address("in/{header:kind}"))) {
      SendException upwards = failure(destination, text("x").header("kind", ".."));
      assertThat(upwards.isLasting()).isTrue();
      assertThat(upwards.reason()).contains("must have no . and no ..");
    }
  }

  @Test
  void whoAsksForTimeIsGivenIt() {
    Sink.Answers busy =
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "120");
          Sink.status(exchange, 429);
        };
    try (Sink sink = new Sink(busy);
        Destination destination =
            Brokers.destination("http://127.0.0.1:" + sink.port() + "/?allowPrivate=true")) {
      SendException failure = failure(destination, text("x"));
      assertThat(failure.isLasting()).isFalse();
      assertThat(failure.retryAfter()).contains(Duration.ofMinutes(2));
      assertThat(failure.reason()).contains("429");
    }
  }

  @Test
  void privateNetworksAreRefusedUnlessAllowed() {
    String place = target.freshPlace();
    String address = target.address(place).replace("allowPrivate=true&", "");
    try (Destination destination = Brokers.destination(address)) {
      assertThat(failure(destination, text("x")).reason())
          .contains("not an address of the public internet");
    }
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() {
    refused("http://user:hidden@host/x", "must have no user");
    refused("http://host/a b", "must be an http or https address");
    refused("http://host/{id", "must have nothing in braces");
    refused("http://host/x?timeout=2h", "timeout must be from PT0.001S to PT1H");
    refused("http://host/x?query=1", "must have options of allowPrivate, secretFile, timeout only");
    refused("http://host/x?secretFile=/none", "secretFile must be a file of text");
    assertThatThrownBy(() -> Brokers.source("https://host/x"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("HTTP targets can only be sent to");
  }

  private static void refused(String address, String reason) {
    assertThatThrownBy(() -> Brokers.destination(address))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("hidden");
  }
}
