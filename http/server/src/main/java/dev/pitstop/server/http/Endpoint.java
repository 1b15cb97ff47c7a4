package dev.pitstop.server.http;

import java.util.concurrent.CompletableFuture;

/** Answers the requests of a route. */
@FunctionalInterface
public interface Endpoint {
  /**
   * Answers a request, without blocking. What is thrown, or completes the future exceptionally,
   * becomes a {@link Problem}.
   */
  CompletableFuture<Answer> answer(Call call);
}
