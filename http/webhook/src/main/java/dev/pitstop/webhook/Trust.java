package dev.pitstop.webhook;

import dev.pitstop.PitstopException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Whose certificates are accepted. A certificate must be that of the host, in any case. */
final class Trust {
  private static final char[] NO_PASSWORD = new char[0];

  private Trust() {}

  /**
   * What makes connections that accept the certificates that the Java machine trusts, and others.
   *
   * @throws PitstopException when one cannot be used
   */
  static SslContextFactory.Client factory(Collection<X509Certificate> others) {
    SslContextFactory.Client factory = new SslContextFactory.Client();
    if (!others.isEmpty()) {
      factory.setTrustStore(store(others));
    }
    return factory;
  }

  private static KeyStore store(Collection<X509Certificate> others) {
    try {
      List<X509Certificate> all = new ArrayList<>(others);
      TrustManagerFactory own =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      own.init((KeyStore) null);
      for (TrustManager manager : own.getTrustManagers()) {
        if (manager instanceof X509TrustManager one) {
          all.addAll(List.of(one.getAcceptedIssuers()));
        }
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("trusted-" + i, all.get(i));
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new PitstopException(
          "the certificates of targets cannot be used: " + e.getMessage(), e);
    }
  }

  /** What is wrong with a target's certificate; empty when a failure has another cause. */
  static Optional<String> words(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        return Optional.of("the target's certificate is not accepted: " + one.getMessage());
      }
    }
    return Optional.empty();
  }
}
