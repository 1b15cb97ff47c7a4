package dev.pitstop.lines;

import dev.pitstop.Delivery;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What receivers may know an emission by: the same for each attempt at one occurrence. */
public final class EmissionId {
  private static final int BYTES = 24;

  private EmissionId() {}

  /**
   * The id of an emission: 32 characters of {@code A-Z a-z 0-9 _ -}. A message that was replaced by
   * another is another, even if it is due at the same time.
   */
  public static String of(Delivery<byte[]> delivery) {
    MessageDigest digest = sha256();
    for (String part :
        List.of(delivery.queue(), delivery.id(), delivery.scheduledFor().toString())) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    byte[] hash = digest.digest(delivery.bytes());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java machine has SHA-256", e);
    }
  }
}
