package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.PitstopException;
import dev.pitstop.server.http.Limits;
import dev.pitstop.server.http.Tls;
import dev.pitstop.server.http.Web;
import dev.pitstop.servers.TestCertificate;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS with PEM files. */
final class TlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Path certificate;
  private Path key;
  private Tls tls;

  @BeforeEach
  void files() {
    certificate = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    tls = new Tls(certificate, key, Duration.ofMillis(50));
  }

  private PitstopServer started() {
    return PitstopServer.start(
        ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0).tls(tls)));
  }

  private static HttpClient trusting(TestCertificate certificate) throws Exception {
    return HttpClient.newBuilder().sslContext(certificate.trusting()).build();
  }

  private static HttpResponse<String> get(HttpClient client, PitstopServer server)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.address().resolve("/v1/queues")).build(),
        BodyHandlers.ofString());
  }

  @Test
  void aChangedCertificateIsUsedForNewConnectionsAndThoseThatAreOpenStay() throws Exception {
    TestCertificate first = TestCertificate.make(directory, "first", "RSA");
    TestCertificate second = TestCertificate.make(directory, "second", "EC");
    first.write(certificate, key);
    try (PitstopServer server = started()) {
      assertThat(server.address().getScheme()).isEqualTo("https");
      HttpClient open = trusting(first);
      assertThat(get(open, server).statusCode()).isEqualTo(200);
      Files.writeString(certificate, "half of a certi"); // whoever writes is not done yet
      second.write(certificate, key);
      HttpResponse<String> answer = untilTrusted(trusting(second), server);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession().orElseThrow().getPeerCertificates()[0])
          .isEqualTo(second.certificate());
      assertThat(get(open, server).sslSession().orElseThrow().getPeerCertificates()[0])
          .isEqualTo(first.certificate());
    }
  }

  private static HttpResponse<String> untilTrusted(HttpClient client, PitstopServer server)
      throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return get(client, server);
      } catch (SSLException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  @Test
  void plainHttpIsToldThatThisPortTakesHttpsOnly() throws Exception {
    TestCertificate.make(directory, "only", "EC").write(certificate, key);
    try (PitstopServer server = started();
        Raw raw = new Raw(server.address(), PATIENCE)) {
      raw.send(
          "PUT /v1/queues/q/messages/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
      assertThat(raw.readAll()).startsWith("HTTP/1.1 400").contains("this port takes HTTPS only");
    }
  }

  @Test
  void whatCannotBeUsedIsRefusedAtTheStartAndSaysWhy() throws Exception {
    assertThatThrownBy(this::started)
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("cannot read " + certificate);
    TestCertificate one = TestCertificate.make(directory, "one", "EC");
    TestCertificate other = TestCertificate.make(directory, "other", "EC");
    one.write(certificate, key);
    Files.writeString(key, other.keyPem());
    assertThatThrownBy(this::started).hasMessageContaining("is not that of the certificate");
    for (String wrong :
        new String[] {"EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"}) {
      Files.writeString(key, one.keyPem().replace("PRIVATE KEY", wrong));
      assertThatThrownBy(this::started)
          .hasMessageContaining("must be PKCS #8 and not encrypted")
          .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    }
    Files.writeString(key, "nothing");
    assertThatThrownBy(this::started).hasMessageContaining("is not a PEM file of a private key");
    Files.writeString(certificate, "nothing");
    assertThatThrownBy(this::started).hasMessageContaining("is not a PEM file of certificates");
  }

  /** A handshake that creeps in holds a connection no longer than a request may. */
  @Test
  void theHandshakeIsBoundedInTimeToo() throws Exception {
    TestCertificate.make(directory, "slow", "EC").write(certificate, key);
    Limits defaults = Limits.defaults();
    Web.Settings web =
        Web.Settings.defaults()
            .port(0)
            .tls(tls)
            .limits(
                new Limits(
                    defaults.connections(),
                    defaults.requests(),
                    defaults.headerBytes(),
                    defaults.headers(),
                    defaults.bodyBytes(),
                    defaults.idle(),
                    Duration.ofSeconds(1)));
    try (PitstopServer server =
            PitstopServer.start(ServerSettings.defaults().store("memory:").web(web));
        Raw raw = new Raw(server.address(), PATIENCE)) {
      raw.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      assertThat(raw.readAll()).doesNotContain("HTTP"); // it ended, with an alert or without
    }
  }
}
