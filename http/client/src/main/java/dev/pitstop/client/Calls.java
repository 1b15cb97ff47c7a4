package dev.pitstop.client;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.StoreCall;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of a server, and what each answer says of its time. Thread-safe.
 *
 * <p>What changes something is sent once: when its answer is lost nobody knows whether it took
 * effect. What only looks is sent again once, when a connection was cut, as the server cuts those
 * that were idle for long.
 */
final class Calls {
  private final Server server;
  private final ServerClock clock;
  private final Failures failures;
  private final HttpClient http;

  Calls(Server server, ServerClock clock) {
    this.server = server;
    this.clock = clock;
    failures = new Failures(server);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(server.timeout())
            .followRedirects(HttpClient.Redirect.NEVER);
    server.tls().ifPresent(builder::sslContext);
    http = builder.build();
  }

  Failures failures() {
    return failures;
  }

  /** Asks for something; waits for the answer. */
  Input ask(StoreCall call, byte[] body) {
    long end = System.nanoTime() + server.timeout().toNanos();
    try {
      return answer(call, body, end);
    } catch (IOException cut) {
      try {
        return answer(call, body, end);
      } catch (IOException again) {
        throw failures.broken(again);
      }
    }
  }

  /** Has something changed; waits for the answer. */
  Input change(StoreCall call, byte[] body) {
    try {
      return answer(call, body, System.nanoTime() + server.timeout().toNanos());
    } catch (IOException cut) {
      throw failures.broken(cut);
    }
  }

  /**
   * An answer.
   *
   * @param end by {@link System#nanoTime}
   * @throws IOException when the connection was cut before the answer was whole
   */
  private Input answer(StoreCall call, byte[] body, long end) throws IOException {
    long before = System.nanoTime();
    CompletableFuture<HttpResponse<byte[]>> answer = send(call, body, BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response = answer.get(end - before, TimeUnit.NANOSECONDS);
      long after = System.nanoTime();
      if (!isOfAStore(response)) {
        throw failures.answered(call, response);
      }
      response
          .headers()
          .firstValueAsLong(StoreCall.TIME_HEADER)
          .ifPresent(micros -> clock.measured(before, after, micros, 1));
      return new Input(response.body());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cut && !(cut instanceof ConnectException)) {
        throw cut;
      }
      throw failures.broken(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw failures.late();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while " + server + " was asked", e);
    } finally {
      answer.cancel(true);
    }
  }

  /** Whether an answer is one of a store. */
  static boolean isOfAStore(HttpResponse<?> response) {
    return response.statusCode() == 200
        && response
            .headers()
            .firstValue("Content-Type")
            .filter(StoreCall.MEDIA_TYPE::equals)
            .isPresent();
  }

  /** Sends a call; to be cancelled by whoever no longer wants the answer. */
  <T> CompletableFuture<HttpResponse<T>> send(StoreCall call, byte[] body, BodyHandler<T> handler) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.uri() + call.path()))
            .header("Content-Type", StoreCall.MEDIA_TYPE)
            .POST(BodyPublishers.ofByteArray(body));
    server.token().ifPresent(token -> request.header("Authorization", "Bearer " + token.text()));
    return http.sendAsync(request.build(), handler);
  }
}
