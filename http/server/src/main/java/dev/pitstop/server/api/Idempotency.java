package dev.pitstop.server.api;

import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request that comes again with the same idempotency key as it was answered before, for
 * 24 hours. Thread-safe.
 */
final class Idempotency {
  /*
   * What is kept here is lost with the process, and other nodes do not see it. That is why a key
   * also makes the message's id: a request that comes again elsewhere finds the message as long as
   * it waits. Once it is acked, only this memory knows of it.
   */
  static final String HEADER = "Idempotency-Key";

  private static final Pattern FORM = Pattern.compile("\"([!#-~ ]{1,255})\"|([!#-~]{1,255})");
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int ID_BYTES = 18;

  private final int most;
  private final Map<String, Known> known = new LinkedHashMap<>(); // guarded by this

  /** Remembers so many keys at most. */
  Idempotency(int most) {
    this.most = most;
  }

  /** A request by its key: what it holds, and once it was done, its answer. */
  @SuppressWarnings("ArrayRecordComponent") // compared by isEqual
  private record Known(byte[] holds, @Nullable Answer answer, long until) {}

  /**
   * The id of the message that a key stands for: the same for the same caller, queue and key.
   *
   * @param sent the header as it was sent, in quotes or not
   * @throws Problem when it is not a key
   */
  static String id(String caller, String queue, String sent) {
    Matcher form = FORM.matcher(sent);
    if (!form.matches()) {
      throw Problem.invalid(HEADER, "must be 1 to 255 visible ASCII characters", sent);
    }
    String key = form.group(1) == null ? form.group(2) : form.group(1);
    byte[] digest = digest(caller, queue, key).digest();
    return "key-" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, ID_BYTES));
  }

  /** A digest over texts of any lengths. */
  static MessageDigest digest(String... texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
      digest.update(bytes);
    }
    return digest;
  }

  /**
   * Does a request unless it was done before.
   *
   * @param id what {@link #id} made of its key
   * @param holds a digest of what the request holds
   * @throws Problem when the same is being done, or another was done with the key
   */
  CompletableFuture<Answer> once(
      String id, byte[] holds, Supplier<CompletableFuture<Answer>> request) {
    synchronized (this) {
      Known before = known.get(id);
      if (before != null && before.answer() != null && before.until() < System.nanoTime()) {
        known.remove(id);
        before = null;
      }
      if (before != null) {
        if (!MessageDigest.isEqual(before.holds(), holds)) {
          throw reused();
        }
        if (before.answer() == null) {
          throw running();
        }
        return CompletableFuture.completedFuture(replayed(before.answer()));
      }
      known.put(id, new Known(holds, null, 0));
    }
    CompletableFuture<Answer> answer;
    try {
      answer = request.get();
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.whenComplete((done, failure) -> ended(id, holds, failure == null ? done : null));
  }

  /** A request that failed may be done anew; what was done is remembered. */
  private synchronized void ended(String id, byte[] holds, @Nullable Answer answer) {
    known.remove(id);
    if (answer == null) {
      return;
    }
    known.put(id, new Known(holds, answer, System.nanoTime() + KEPT.toNanos()));
    if (known.size() > most) {
      known.entrySet().stream()
          .filter(entry -> entry.getValue().answer() != null)
          .findFirst()
          .map(Map.Entry::getKey)
          .ifPresent(known::remove);
    }
  }

  /** An answer that was given before. */
  static Answer replayed(Answer answer) {
    return answer.header("Idempotency-Replayed", "true");
  }

  /** The key was used for another request. */
  static Problem reused() {
    return Problem.of(Problem.Kind.IDEMPOTENCY_REUSED, "the key was used for another request")
        .with("field", HEADER);
  }

  private static Problem running() {
    return Problem.of(
            Problem.Kind.IDEMPOTENCY_RUNNING, "the request with that key is still running")
        .with("field", HEADER)
        .header("Retry-After", "1");
  }
}
