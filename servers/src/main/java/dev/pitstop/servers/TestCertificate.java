package dev.pitstop.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate and its key, made by the JDK's keytool: of localhost and signed by nobody but
 * itself unless it was made otherwise.
 *
 * @param name of the files, the key and the holder
 * @param store has both
 */
public record TestCertificate(String name, KeyStore store) {
  private static final String PASSWORD = "changeit";

  /** Makes one of localhost, with a key of an algorithm; its files go into a directory. */
  public static TestCertificate make(Path directory, String name, String keyAlgorithm)
      throws Exception {
    return make(directory, name, keyAlgorithm, List.of("-ext", "SAN=dns:localhost,ip:127.0.0.1"));
  }

  /** Makes one that issues others; its files go into a directory. */
  public static TestCertificate authority(Path directory, String name) throws Exception {
    return make(directory, name, "EC", List.of("-ext", "bc:c"));
  }

  /**
   * Makes one that an authority has issued, in the authority's directory.
   *
   * @param authority the name that the authority was made under
   * @param hosts what the certificate is of: {@code dns:localhost,ip:127.0.0.1}
   */
  public static TestCertificate issued(Path directory, String authority, String name, String hosts)
      throws Exception {
    Path store = file(directory, authority);
    Files.copy(store, file(directory, name));
    return make(
        directory,
        name,
        "EC",
        List.of("-ext", "SAN=" + hosts, "-signer", authority, "-signerkeypass", PASSWORD));
  }

  private static Path file(Path directory, String name) {
    return directory.resolve(name + ".p12");
  }

  private static TestCertificate make(
      Path directory, String name, String keyAlgorithm, List<String> more) throws Exception {
    Path file = file(directory, name);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                keyAlgorithm,
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(more);
    Path log = directory.resolve(name + ".log");
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(name, store);
  }

  /** The certificate. */
  public X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) store.getCertificate(name);
  }

  /** Writes it and its key as PEM files. */
  public void write(Path certificate, Path key) throws IOException, GeneralSecurityException {
    Files.writeString(certificate, pem("CERTIFICATE", certificate().getEncoded()));
    Files.writeString(key, keyPem());
  }

  /** Its private key, PKCS #8 in PEM. */
  public String keyPem() throws GeneralSecurityException {
    return pem("PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  /** What proves to be its holder; with those that lead to its issuer. */
  public SSLContext serving() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore own = KeyStore.getInstance("PKCS12");
    char[] password = PASSWORD.toCharArray();
    try {
      own.load(null, password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    own.setKeyEntry(name, store.getKey(name, password), password, store.getCertificateChain(name));
    keys.init(own, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** What trusts this certificate and no other. */
  public SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(name, certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
