package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.server.http.Tls;
import dev.pitstop.spi.PutResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server over TLS with a certificate of an authority of one's own, made by the JDK's keytool. */
final class TlsTest {
  private static final String PASSWORD = "changeit";

  private @TempDir Path directory = Path.of("");

  @Test
  void anAuthorityOfOnesOwnIsTrustedWhenNamedAndTheNameIsLookedAt() throws Exception {
    Path ca = authority("ca");
    Path other = authority("other");
    Tls tls = certificate("ca", "SAN=dns:localhost");
    Tls elsewhere = certificate("ca", "SAN=dns:elsewhere");
    try (Served served = over(tls)) {
      assertThat(served.address()).startsWith("https://");
      assertThat(served.client("?tlsCa=" + ca).put(List.of(Messages.due("q", "a"))))
          .containsExactly(PutResult.CREATED);
      refused(served, "");
      refused(served, "?tlsCa=" + other);
    }
    try (Served served = over(elsewhere)) {
      refused(served, "?tlsCa=" + ca);
    }
  }

  private static void refused(Served served, String options) {
    assertThatThrownBy(() -> served.client(options))
        .as("with %s", options)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("https://localhost:");
  }

  private static Served over(Tls tls) {
    return Served.with(settings -> settings.store("memory:").web(settings.web().tls(tls)));
  }

  /** Makes an authority; the file of its certificate. */
  private Path authority(String name) throws Exception {
    keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:c");
    Path file = directory.resolve(name + ".pem");
    keytool(name, "-exportcert", "-rfc", "-file", file.toString());
    return file;
  }

  /** Makes a certificate that an authority has signed, for a name. */
  private Tls certificate(String authority, String name) throws Exception {
    String alias = "server-" + name.replaceAll("\\W", "");
    Path request = directory.resolve(alias + ".csr");
    Path certificate = directory.resolve(alias + ".crt");
    keytool(alias, "-genkeypair", "-keyalg", "EC", "-dname", "CN=pitstop");
    keytool(alias, "-certreq", "-file", request.toString());
    keytool(
        authority,
        "-gencert",
        "-rfc",
        "-ext",
        name,
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString());
    Path key = directory.resolve(alias + ".key");
    Files.writeString(key, pem(keyOf(alias)));
    return new Tls(certificate, key, Duration.ofHours(1));
  }

  private Key keyOf(String alias) throws Exception {
    KeyStore store =
        KeyStore.getInstance(directory.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
    return store.getKey(alias, PASSWORD.toCharArray());
  }

  private static String pem(Key key) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
  }

  private void keytool(String alias, String... arguments) throws Exception {
    Path log = directory.resolve("keytool.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", alias, "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", directory.resolve("keys.p12").toString()));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0)
        .as(Files.readString(log))
        .isTrue();
  }
}
