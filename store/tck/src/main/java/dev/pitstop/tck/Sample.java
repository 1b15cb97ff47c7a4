package dev.pitstop.tck;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message for a test, with all at its plainest that the test does not name. Not thread-safe. */
final class Sample {
  private final String id;
  private String queue = Trial.QUEUE;
  private byte[] body;
  private String contentType = "text/plain";
  private Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable String schedule;
  private Progress progress;
  private State state = State.SCHEDULED;
  private IfPresent ifPresent = IfPresent.REPLACE;

  /** A message whose body is its id, due at an instant. */
  Sample(String id, Instant due) {
    this.id = id;
    this.body = id.getBytes(StandardCharsets.UTF_8);
    this.progress = Progress.starting(due);
  }

  Sample queue(String queue) {
    this.queue = queue;
    return this;
  }

  Sample body(byte[] body) {
    this.body = body;
    return this;
  }

  Sample body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  Sample contentType(String contentType) {
    this.contentType = contentType;
    return this;
  }

  Sample header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Sample schedule(String schedule) {
    this.schedule = schedule;
    return this;
  }

  Sample progress(Progress progress) {
    this.progress = progress;
    return this;
  }

  /** Set aside from the beginning. */
  Sample buried(String reason) {
    state = State.BURIED;
    progress =
        new Progress(
            progress.due(),
            progress.scheduledFor(),
            progress.missed(),
            progress.attempts(),
            reason);
    return this;
  }

  Sample ifPresent(IfPresent ifPresent) {
    this.ifPresent = ifPresent;
    return this;
  }

  Key key() {
    return new Key(queue, id);
  }

  Entry entry() {
    Payload payload = new Payload(body, contentType, Collections.unmodifiableMap(headers));
    return new Entry(key(), payload, schedule, state, progress, null);
  }

  Put put() {
    return new Put(entry(), ifPresent, false);
  }

  /** What a test sees of it. */
  Seen seen() {
    return Seen.of(entry());
  }
}
