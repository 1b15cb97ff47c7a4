package dev.pitstop.webhook;

import dev.pitstop.webhook.Reply.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to one post: its status, and no more of its body than helps to understand it. A
 * body that goes on for long is cut off, and the status counts.
 */
final class Answering implements Response.Listener {
  private static final int MOST_READ = 64 * 1024;
  private static final int MOST_SHOWN = 256;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final class LongAnswerException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private final long begun;
  private final BooleanSupplier stopped;
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private int read;

  Answering(long begun, BooleanSupplier stopped) {
    this.begun = begun;
    this.stopped = stopped;
  }

  CompletableFuture<Reply> reply() {
    return reply;
  }

  @Override
  public void onContent(Response response, ByteBuffer content) {
    read += content.remaining();
    while (content.hasRemaining() && shown.size() < MOST_SHOWN) {
      shown.write(content.get());
    }
    content.position(content.limit());
    if (read > MOST_READ) {
      response.abort(new LongAnswerException());
    }
  }

  @Override
  public void onComplete(Result result) {
    Throwable failure = result.getFailure();
    if (failure == null || isLong(result)) {
      answered(result.getResponse());
    } else {
      failed(result.getResponse() == null ? 0 : result.getResponse().getStatus(), failure);
    }
  }

  private static boolean isLong(Result result) {
    return result.getResponseFailure() instanceof LongAnswerException;
  }

  /** No whole answer came. */
  void failed(int status, Throwable failure) {
    Outcome outcome = stopped.getAsBoolean() ? Outcome.STOPPED : Sender.outcome(failure);
    Reply unanswered = Sender.unanswered(outcome, failure, took());
    reply.complete(
        new Reply(outcome, status, unanswered.error(), Optional.empty(), unanswered.took()));
  }

  private void answered(Response response) {
    int status = response.getStatus();
    Outcome outcome =
        status >= 200 && status < 300 ? Outcome.OK : status == 410 ? Outcome.GONE : Outcome.FAILED;
    String body = printable(shown.toString(StandardCharsets.UTF_8));
    String error = outcome == Outcome.OK ? "" : ("answered " + status + " " + body).strip();
    reply.complete(new Reply(outcome, status, error, retryAfter(response), took()));
  }

  private Duration took() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static Optional<Duration> retryAfter(Response response) {
    return retryAfter(response.getHeaders().get(HttpHeader.RETRY_AFTER), Instant.now());
  }

  /** How long a header asks to wait, a day at most: seconds, or a date as HTTP has it. */
  static Optional<Duration> retryAfter(@Nullable String text, Instant now) {
    if (text == null) {
      return Optional.empty();
    }
    String value = text.strip();
    if (value.matches("[0-9]+")) {
      return Optional.of(
          value.length() > 9 ? LONGEST_WAIT : bounded(Duration.ofSeconds(Long.parseLong(value))));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(bounded(Duration.between(now, at)));
    } catch (DateTimeException e) {
      return Optional.empty(); // what cannot be read asks for nothing
    }
  }

  private static Duration bounded(Duration wait) {
    return wait.isNegative()
        ? Duration.ZERO
        : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /** A text with nothing in it that acts on a terminal or ends a line. */
  static String printable(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
  }
}
