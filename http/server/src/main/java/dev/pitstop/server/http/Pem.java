package dev.pitstop.server.http;

import dev.pitstop.PitstopException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate chain and its private key, as PEM files have them. Immutable. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final char[] NO_PASSWORD = new char[0];

  private final byte[] certificate;
  private final byte[] key;

  private Pem(byte[] certificate, byte[] key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The files as they are now.
   *
   * @throws PitstopException when one cannot be read
   */
  static Pem read(Tls tls) {
    return new Pem(bytes(tls.certificate()), bytes(tls.key()));
  }

  boolean sameAs(Pem other) {
    return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
  }

  /**
   * A key store that holds the two.
   *
   * @throws PitstopException when they are not PEM, or do not belong together
   */
  KeyStore keyStore(Tls tls) {
    Certificate[] chain = certificates(tls.certificate(), certificate).toArray(Certificate[]::new);
    PrivateKey privateKey = privateKey(tls.key(), chain[0].getPublicKey().getAlgorithm());
    try {
      if (!belongs(privateKey, chain[0])) {
        throw new PitstopException(
            "the key in " + tls.key() + " is not that of the certificate in " + tls.certificate());
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("pitstop", privateKey, NO_PASSWORD, chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new PitstopException(
          "the certificate in " + tls.certificate() + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * The certificates of a PEM file; one at least.
   *
   * @throws PitstopException when it cannot be read or has none
   */
  public static List<X509Certificate> certificates(Path file) {
    return certificates(file, bytes(file));
  }

  private static List<X509Certificate> certificates(Path file, byte[] pem) {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!all.isEmpty()) {
        return all;
      }
    } catch (CertificateException e) {
      throw new PitstopException(file + " is not a PEM file of certificates", e);
    }
    throw new PitstopException(file + " is not a PEM file of certificates");
  }

  private PrivateKey privateKey(Path file, String algorithm) {
    Matcher block = BLOCK.matcher(new String(key, StandardCharsets.US_ASCII));
    while (block.find()) {
      if (block.group(1).equals("PRIVATE KEY")) {
        try {
          byte[] der = Base64.getMimeDecoder().decode(block.group(2));
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          // the cause may quote the key
          throw new PitstopException(
              "the private key in " + file + " is not one of " + algorithm + " as PKCS #8");
        }
      }
      if (block.group(1).endsWith("PRIVATE KEY")) {
        throw new PitstopException(
            "the key in "
                + file
                + " must be PKCS #8 and not encrypted; make it so with"
                + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
      }
    }
    throw new PitstopException(file + " is not a PEM file of a private key");
  }

  /** Whether what the key signs is verified by the certificate. */
  private static boolean belongs(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] text = "pitstop".getBytes(StandardCharsets.US_ASCII);
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(text);
    byte[] signed = signing.sign();
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certificate.getPublicKey());
    verifying.update(text);
    return verifying.verify(signed);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PitstopException("cannot read " + file + ": " + e, e);
    }
  }
}
