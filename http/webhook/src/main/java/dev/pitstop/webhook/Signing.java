package dev.pitstop.webhook;

import dev.pitstop.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs posts as Standard Webhooks has it: HMAC-SHA256 over id, time and body. */
final class Signing {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";

  private Signing() {}

  /**
   * What a secret stands for.
   *
   * @throws InvalidFieldException when it is not {@code whsec_} and Base64; it does not show it
   */
  static SecretKeySpec key(String secret) {
    try {
      if (secret.startsWith(PREFIX) && secret.length() > PREFIX.length()) {
        byte[] key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        return new SecretKeySpec(key, ALGORITHM);
      }
    } catch (IllegalArgumentException e) {
      throw refused();
    }
    throw refused();
  }

  private static InvalidFieldException refused() {
    return new InvalidFieldException("secrets", "must each be whsec_ and Base64", "(hidden)");
  }

  /**
   * A signature for each secret, parted by spaces; empty without secrets.
   *
   * @param timestamp seconds since 1970
   */
  static String sign(List<String> secrets, String id, long timestamp, byte[] body) {
    List<String> signatures = new ArrayList<>(secrets.size());
    for (String secret : secrets) {
      try {
        Mac mac = Mac.getInstance(ALGORITHM);
        mac.init(key(secret));
        mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java machine has " + ALGORITHM, e);
      }
    }
    return String.join(" ", signatures);
  }
}
