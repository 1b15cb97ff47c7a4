package dev.pitstop.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.ListenerOptions;
import dev.pitstop.PitstopException;
import dev.pitstop.RetryPolicy;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.Token;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.servers.TestCertificate;
import dev.pitstop.webhook.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server is told, by whom, and what it is not told in the end. */
final class ConfigurationFileTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("pitstop.yaml");
  }

  private ServerSettings read(String yaml) throws IOException {
    return read(yaml, Map.of());
  }

  private ServerSettings read(String yaml, Map<String, String> environment) throws IOException {
    Files.writeString(file, yaml);
    return Configuration.settings(Map.of(), environment, Optional.of(file));
  }

  private void refused(String yaml, String... says) {
    assertThatThrownBy(() -> read(yaml, Map.of("SECRET", "s3cr3t")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(says)
        .message()
        .doesNotContain("s3cr3t");
  }

  @Test
  void nothingSaidIsWhatTheDefaultsAre() throws IOException {
    assertThat(Configuration.settings(Map.of(), Map.of(), Optional.empty()))
        .isEqualTo(ServerSettings.defaults());
    assertThat(read("")).isEqualTo(ServerSettings.defaults());
    assertThat(read("# nothing\n")).isEqualTo(ServerSettings.defaults());
  }

  @Test
  void certificatesOfTargetsAreReadFromAFile() throws Exception {
    TestCertificate authority = TestCertificate.authority(directory, "authority");
    Path ca = directory.resolve("ca.pem");
    authority.write(ca, directory.resolve("ca.key"));
    assertThat(read("targetCa: " + ca + "\nallowPrivateTargets: true\n").targets())
        .isEqualTo(new Webhooks.Settings(true, List.of(authority.certificate())));
    assertThatThrownBy(() -> read("targetCa: " + directory.resolve("ca.key")))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("ca.key is not a PEM file of certificates");
    assertThatThrownBy(() -> read("targetCa: " + directory.resolve("none.pem")))
        .isInstanceOf(PitstopException.class)
        .hasMessageContaining("none.pem");
  }

  @Test
  void theCommandLineGoesBeforeTheEnvironmentAndThatBeforeTheFile() throws IOException {
    Files.writeString(file, "port: 1\nhost: 127.0.0.2\nmaxBody: 3\n");
    ServerSettings settings =
        Configuration.settings(
            Map.of("port", "11"),
            Map.of("PITSTOP_PORT", "12", "PITSTOP_MAX_BODY", "13"),
            Optional.of(file));
    assertThat(settings.web().port()).isEqualTo(11);
    assertThat(settings.maxBody()).isEqualTo(13);
    assertThat(settings.web().host()).isEqualTo("127.0.0.2");
    assertThatThrownBy(
            () ->
                Configuration.settings(Map.of(), Map.of("PITSTOP_PORT", "many"), Optional.of(file)))
        .hasMessage("PITSTOP_PORT: port must be a whole number from 0 to 65535, was many");
    assertThatThrownBy(
            () -> Configuration.settings(Map.of("maxBody", "-1"), Map.of(), Optional.empty()))
        .hasMessageStartingWith("--max-body: maxBody must be a whole number from 0");
  }

  @Test
  void queuesTokensAndTargetsAreReadWithSecretsFromElsewhere() throws IOException {
    Token token = Token.random();
    Files.writeString(directory.resolve("secret"), "whsec_file\n");
    ServerSettings settings =
        read(
            """
            store: postgresql://user:${SECRET}@db/pitstop
            hosts: [a.example, b.example]
            tokens:
              shop:
                hash: %s
                may:
                  store: [orders, "mail-*"]
                  view: "*"
            queues:
              "*":
                leaseTime: 1m
              mail-out:
                retry: {firstDelay: 2s, maxDelay: 1h, noise: 0, maxAttempts: 3}
                target:
                  url: https://example.com/hook
                  secrets:
                    - whsec_${SECRET}
                    - file: secret
                  timeout: 5s
                  concurrency: 4
            """
                .formatted(token.hash().text()),
            Map.of("SECRET", "s3cr3t"));
    assertThat(settings.store()).isEqualTo("postgresql://user:s3cr3t@db/pitstop");
    assertThat(settings.toString()).doesNotContain("s3cr3t");
    assertThat(settings.security().hosts()).containsExactlyInAnyOrder("a.example", "b.example");
    Grant shop = settings.security().grants().get(0);
    assertThat(shop.name()).isEqualTo("shop");
    assertThat(shop.allow(Right.STORE, "mail-in")).isTrue();
    assertThat(shop.allow(Right.STORE, "other")).isFalse();
    assertThat(shop.allow(Right.VIEW, "other")).isTrue();
    assertThat(shop.allow(Right.ADMIN, "orders")).isFalse();
    ListenerOptions mail = QueueSettings.options(settings.queues(), "mail-out");
    assertThat(mail.retry())
        .isEqualTo(new RetryPolicy(Duration.ofSeconds(2), Duration.ofHours(1), 0, 3));
    assertThat(mail.leaseTime()).isEmpty();
    assertThat(QueueSettings.options(settings.queues(), "other").leaseTime())
        .contains(Duration.ofMinutes(1));
    Target target =
        settings.queues().stream()
            .flatMap(queue -> queue.target().stream())
            .findFirst()
            .orElseThrow();
    assertThat(target.secrets()).isEqualTo(List.of("whsec_s3cr3t", "whsec_file"));
    assertThat(target.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(target.allowPrivate()).isFalse();
    assertThat(target + " " + settings.queues()).doesNotContain("s3cr3t", "whsec_file");
  }

  @Test
  void whatIsNotKnownIsRefusedWithItsLineAndTheNearestName() {
    refused("store: x\nprot: 1\n", "pitstop.yaml, line 2: unknown key prot, did you mean port?");
    refused(
        "queues:\n  q:\n    leasTime: 1m\n",
        "line 3: unknown key leasTime, did you mean leaseTime?");
    refused(
        "queues:\n  q:\n    retry:\n      firstDeley: 1m\n", "line 4", "did you mean firstDelay?");
    refused("tokens:\n  a:\n    hash: x\n    may:\n      eat: q\n", "line 5: unknown key eat");
    refused("port: 1\nport: 2\n", "line 2: port must be given once only");
    refused("port: [\n", "pitstop.yaml, line");
    refused("- port\n", "line 1: the file must be a map of keys to values");
    refused("port:\n", "line 1: port must be a text");
    refused("port: {a: 1}\n", "unknown key a");
    refused("queues: 5\n", "line 1: queues must be a map");
  }

  @Test
  void whatIsOutOfBoundsIsRefusedWithItsLineValueAndLimit() {
    refused("\nport: 65536\n", "line 2: port must be a whole number from 0 to 65535, was 65536");
    refused("idleTimeout: soon\n", "line 1: idleTimeout must be a duration", "was soon");
    refused("queues:\n  a/b: {leaseTime: 1m}\n", "line 2: queue must be a queue's name");
    refused("queues:\n  q:\n    retry: {noise: 2}\n", "line 3: retry.noise must be from 0 to 1");
    refused("queues:\n  q:\n    target: {timeout: 1s}\n", "line 3: target.url must be given");
    refused("queues:\n  q:\n    target: {url: ftp://x}\n", "line 3: url must be an http or https");
    refused(
        "queues:\n  \"q*\":\n    target: {url: http://x}\n",
        "line 3: a target must be that of one queue, not of q*");
    refused("tlsCertificate: a.pem\n", "tlsCertificate and tlsKey must be given both");
    refused(
        "tokens:\n  a: {hash: \"${SECRET}\", may: {view: q}}\n",
        "line 2: hash must be",
        "was ${SECRET}");
    refused("tokens:\n  a b: {hash: x, may: {view: q}}\n", "line 2");
    refused("port: ${NOT_SET}\n", "line 1: the environment variable NOT_SET is not set");
    refused("store:\n  file: nowhere\n", "nowhere cannot be read: NoSuchFileException");
  }

  @Test
  void placesOfBrokersAreReadOfOneQueueAndShownWithoutPasswords() throws IOException {
    ServerSettings settings =
        read(
            """
            queues:
              one:
                emitTo: http://user-events.example/{header:kind}?timeout=5s
                inFlight: 7
            """);
    RelaySettings relays = settings.queues().get(0).relays();
    assertThat(relays.emitTo()).contains("http://user-events.example/{header:kind}?timeout=5s");
    assertThat(relays.inFlight()).isEqualTo(7);
    assertThat(relays.takeFrom()).isEmpty();

    refused(
        "queues:\n  q:\n    target: {url: http://x}\n    emitTo: http://x/y\n",
        "line 4: a queue has emitTo or a target, not both");
    refused("queues:\n  \"q*\": {emitTo: http://x/y}\n", "line 2", "of one queue, not of q*");
    refused("queues:\n  _pitstop.x: {emitTo: http://x/y}\n", "line 2", "queue that servers keep");
    refused("queues:\n  q: {misfits: http://x/y}\n", "line 2: misfits goes with takeFrom only");
    refused("queues:\n  q: {inFlight: 5}\n", "line 2: inFlight goes with takeFrom or emitTo only");
    refused(
        "queues:\n  q:\n    emitTo: http://x/y\n    inFlight: 0\n",
        "line 4: inFlight must be a whole number from 1 to 100000, was 0");
    refused(
        "queues:\n  q:\n    takeFrom: [\"http://u:${SECRET}@x/y\"]\n",
        "line 3: address must be that of a broker",
        "was http://u:***@x/y");
    refused(
        "queues:\n  q:\n    emitTo: nosuch://u:${SECRET}@x/y\n",
        "line 3: address must begin with the scheme of a broker on the class path (http, https)");
    refused("queues:\n  q:\n    emitTo: http://x/{id\n", "line 3");
  }

  @Test
  void everyOptionHasItsNameOnTheCommandLineAndInTheEnvironment() {
    assertThat(ServerOptions.commandLine(ServerOptions.MAX_BODY)).isEqualTo("--max-body");
    assertThat(ServerOptions.environment(ServerOptions.MAX_BODY)).isEqualTo("PITSTOP_MAX_BODY");
    assertThat(ServerOptions.commandLine(ServerOptions.OPEN_TO_ALL))
        .isEqualTo("--insecure-open-to-all");
  }
}
