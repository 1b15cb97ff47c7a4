package dev.pitstop.tck;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as tests compare it: by the bytes of its body and with the order of its headers, without
 * its lease. Immutable.
 *
 * @param body its bytes in hexadecimal, of long ones their number and SHA-256
 */
record Seen(
    Key key,
    String body,
    String contentType,
    List<Map.Entry<String, String>> headers,
    @Nullable String schedule,
    State state,
    Progress progress) {

  static Seen of(Entry entry) {
    return new Seen(
        entry.key(),
        body(entry.payload().body()),
        entry.payload().contentType(),
        entry.payload().headers().entrySet().stream()
            .<Map.Entry<String, String>>map(h -> Map.entry(h.getKey(), h.getValue()))
            .toList(),
        entry.schedule(),
        entry.state(),
        entry.progress());
  }

  static List<Seen> of(List<Entry> entries) {
    return entries.stream().map(Seen::of).toList();
  }

  /** The same in another state. */
  Seen in(State state) {
    return new Seen(key, body, contentType, headers, schedule, state, progress);
  }

  /** The same at another point of its way. */
  Seen with(Progress progress) {
    return new Seen(key, body, contentType, headers, schedule, state, progress);
  }

  /** The same under its first or next lease. */
  Seen leased() {
    return in(State.LEASED)
        .with(
            new Progress(
                progress.due(),
                progress.scheduledFor(),
                progress.missed(),
                progress.attempts() + 1,
                progress.lastError()));
  }

  private static String body(byte[] bytes) {
    if (bytes.length <= 64) {
      return HexFormat.of().formatHex(bytes)
          + " "
          + new String(bytes, StandardCharsets.US_ASCII).replaceAll("\\P{Print}", ".");
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + " bytes, " + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }
}
