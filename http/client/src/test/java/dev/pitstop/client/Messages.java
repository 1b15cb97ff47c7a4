package dev.pitstop.client;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import java.time.Instant;
import java.util.Map;

/** Puts that tests need. */
final class Messages {
  private Messages() {}

  static Put due(String queue, String id) {
    return withBody(queue, id, 4);
  }

  static Put withBody(String queue, String id, int bytes) {
    return put(queue, id, bytes, State.SCHEDULED);
  }

  static Put buried(String queue, String id) {
    return put(queue, id, 4, State.BURIED);
  }

  private static Put put(String queue, String id, int bytes, State state) {
    Payload payload = new Payload(new byte[bytes], "application/octet-stream", Map.of());
    Progress progress = Progress.starting(Instant.EPOCH);
    return new Put(
        new Entry(new Key(queue, id), payload, null, state, progress, null),
        IfPresent.REPLACE,
        false);
  }
}
