package dev.pitstop.client;

import dev.pitstop.InvalidFieldException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes what trusts the certificates in a PEM file and no others. Static and thread-safe. */
final class Trust {
  private Trust() {}

  static SSLContext of(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return of(CertificateFactory.getInstance("X.509").generateCertificates(in), file);
    } catch (IOException | InvalidPathException | GeneralSecurityException e) {
      throw new InvalidFieldException(
          "tlsCa", "must be a PEM file of certificates (" + e.getMessage() + ")", file, e);
    }
  }

  private static SSLContext of(Collection<? extends Certificate> certificates, String file)
      throws GeneralSecurityException, IOException {
    if (certificates.isEmpty()) {
      throw new InvalidFieldException("tlsCa", "must hold a certificate at least", file);
    }
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    for (Certificate certificate : certificates) {
      trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
