package dev.pitstop.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.servers.Sink;
import dev.pitstop.servers.TestCertificate;
import dev.pitstop.webhook.Reply.Outcome;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SenderTest {
  private static final Post POST = new Post("msg_1", "text/plain", List.of(), new byte[] {1, 2});

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.19.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "2001:db8::1",
        "3fff::1",
        "100::1"
      })
  void addressesThatAreNotPublicAreTold(String address) throws Exception {
    InetAddress one = InetAddress.getByName(address);
    // the Java machine makes a mapped address the IPv4 address that it stands for
    assertThat(Networks.isPublic(one)).isEqualTo(address.equals("::ffff:8.8.8.8"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:200::1"
      })
  void publicAddressesAreTold(String address) throws Exception {
    assertThat(Networks.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void aNameThatMeansAnotherAddressLaterIsRefusedThen() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (Sink sink = Sink.of(200);
        Sender sender =
            new Sender(
                host -> {
                  lookups.incrementAndGet();
                  return new InetAddress[] {InetAddress.getLoopbackAddress()};
                },
                List.of())) {
      URI url = URI.create("http://rebound.example:" + sink.port() + "/");
      Reply refused = sender.send(new Target(url, List.of(), second(), 1, false), POST).join();
      assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(sink.left()).isZero();
      Reply allowed = sender.send(new Target(url, List.of(), second(), 1, true), POST).join();
      assertThat(allowed.outcome()).isEqualTo(Outcome.OK);
      Sink.Got got = sink.next();
      assertThat(got.header("Host")).isEqualTo("rebound.example:" + sink.port());
      assertThat(got.header("webhook-signature")).isEmpty();
      assertThat(lookups).hasValue(2); // each connection goes where its own look-up led
    }
  }

  @Test
  void whatCannotBeReachedIsSaidSo() {
    try (Sender sender =
        new Sender(
            host -> {
              throw new UnknownHostException(host + " is not known");
            },
            List.of())) {
      URI url = URI.create("http://nowhere.example/");
      Reply reply = sender.send(new Target(url, List.of(), second(), 1, true), POST).join();
      assertThat(reply.outcome()).isEqualTo(Outcome.UNREACHABLE);
      assertThat(reply.error()).contains("nowhere.example is not known");
    }
  }

  @Test
  void S06_theLargestHeadersAMessageMayHaveAreSent() throws Exception {
    String much = Posts.visible("é".repeat(8_000));
    try (Sink sink = Sink.of(200);
        Sender sender = new Sender(List.of())) {
      Target target = new Target(sink.url(), List.of(), Duration.ofSeconds(20), 1, true);
      Post post =
          new Post("msg_1", "text/plain", List.of(new Post.Header("X-Much", much)), new byte[0]);
      Reply reply = sender.send(target, post).join();
      assertThat(reply.error()).isEmpty();
      assertThat(sink.next().header("X-Much")).isEqualTo(much);
    }
  }

  @Test
  void aCertificateMustBeThatOfTheHostAndOfAnIssuerThatIsTrusted() throws Exception {
    TestCertificate authority = TestCertificate.authority(directory, "authority");
    TestCertificate own = TestCertificate.issued(directory, "authority", "own", "ip:127.0.0.1");
    TestCertificate others = TestCertificate.issued(directory, "authority", "x", "dns:x.example");
    try (Sink sink = Sink.of(200, own);
        Sink disguised = Sink.of(200, others);
        Sender strict = new Sender(List.of());
        Sender sender = new Sender(List.of(authority.certificate()))) {
      assertThat(posted(sender, sink).outcome()).isEqualTo(Outcome.OK);
      sink.next();
      Reply unknown = posted(strict, sink);
      assertThat(unknown.outcome()).isEqualTo(Outcome.UNREACHABLE);
      assertThat(unknown.error())
          .startsWith("the target's certificate is not accepted: ")
          .contains("unable to find valid certification path");
      assertThat(posted(sender, disguised).error())
          .startsWith("the target's certificate is not accepted: ")
          .contains("127.0.0.1");
      assertThat(sink.left() + disguised.left()).isZero();
    }
  }

  private static Reply posted(Sender sender, Sink sink) {
    Target target = new Target(sink.url(), List.of(), Duration.ofSeconds(20), 1, true);
    return sender.send(target, POST).join();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (Sink sink = Sink.of(200);
        Sender sender = new Sender(List.of())) {
      Target target = new Target(sink.url(), List.of(), Duration.ofSeconds(20), 1, true);
      assertThat(sender.send(target, POST).join().outcome()).isEqualTo(Outcome.OK);
      assertThat(sender.send(target, POST).join().outcome()).isEqualTo(Outcome.OK);
      assertThat(sink.next().exchange().getRemoteAddress())
          .isEqualTo(sink.next().exchange().getRemoteAddress());
    }
  }

  @Test
  void retryAfterIsSecondsOrADateAndADayAtMost() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    assertThat(Answering.retryAfter("120", now)).contains(Duration.ofMinutes(2));
    assertThat(Answering.retryAfter("Sun, 01 Mar 2026 12:01:00 GMT", now))
        .contains(Duration.ofMinutes(1));
    assertThat(Answering.retryAfter("Sun, 01 Mar 2026 11:00:00 GMT", now)).contains(Duration.ZERO);
    assertThat(Answering.retryAfter("99999999999999999999", now)).contains(Duration.ofDays(1));
    assertThat(Answering.retryAfter("90000", now)).contains(Duration.ofDays(1));
    assertThat(Answering.retryAfter("soon", now)).isEqualTo(Optional.empty());
    assertThat(Answering.retryAfter("-1", now)).isEqualTo(Optional.empty());
    assertThat(Answering.retryAfter(null, now)).isEqualTo(Optional.empty());
  }

  @Test
  void S06_targetsThatCannotBeAreRefusedWithoutShowingSecrets() {
    refused("http://user:hunter2@x/", "whsec_AAAA", "url must have no user");
    refused("http://x/", "hunter2", "secrets must each be whsec_ and Base64");
    refused("http://x/", "whsec_hunter2!", "secrets must each be whsec_ and Base64");
    assertThat(new Target(URI.create("http://x/p?key=hunter2"), List.of(), second(), 1, false))
        .asString()
        .doesNotContain("hunter2");
  }

  private static void refused(String url, String secret, String message) {
    assertThatThrownBy(() -> new Target(URI.create(url), List.of(secret), second(), 1, false))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hunter2");
  }

  private static Duration second() {
    return Duration.ofSeconds(5);
  }
}
