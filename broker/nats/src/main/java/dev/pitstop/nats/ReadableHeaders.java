package dev.pitstop.nats;

import dev.pitstop.lines.Json;
import io.nats.client.support.IncomingHeadersProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Headers in words that the client can read. */
final class ReadableHeaders {
  private static final String VERSION = "NATS/1.0";
  private static final String END = "\r\n";

  private ReadableHeaders() {}

  /**
   * The headers themselves where the client can read them. Otherwise values that are no plain ASCII
   * as {@link EncodedWord}s, or as a data URL where they are no text; in names a question mark for
   * what cannot be in one; lines without a name are left out.
   */
  static byte[] of(byte[] sent) {
    return canBeRead(sent) ? sent : rewritten(sent);
  }

  private static boolean canBeRead(byte[] sent) {
    try {
      return new IncomingHeadersProcessor(sent).getSerializedLength() == sent.length;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false; // as the client throws
    }
  }

  private static byte[] rewritten(byte[] sent) {
    StringBuilder readable = new StringBuilder(VERSION).append(END);
    String[] lines = new String(sent, StandardCharsets.ISO_8859_1).split(END, -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        readable
            .append(lines[i].substring(0, colon).replaceAll("[^!-9;-~]", "?"))
            .append(':')
            .append(EncodedWord.encode(text(lines[i].substring(colon + 1).strip())))
            .append(END);
      }
    }
    return readable.append(END).toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(String bytewise) {
    byte[] bytes = bytewise.getBytes(StandardCharsets.ISO_8859_1);
    return Json.isUtf8(bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : "data:;base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
