package dev.pitstop.server.http;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what the HTTP server itself refuses, in the form of all other problems. */
final class Errors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Problem.Kind kind =
        switch (response.getStatus()) {
          case 404 -> Problem.Kind.NOT_FOUND;
          case 405 -> Problem.Kind.METHOD_NOT_ALLOWED;
          case 408 -> Problem.Kind.REQUEST_TIMEOUT;
          case 413 -> Problem.Kind.BODY_TOO_LARGE;
          case 431 -> Problem.Kind.HEADERS_TOO_LARGE;
          case 503 -> Problem.Kind.DRAINING;
          default -> response.getStatus() >= 500 ? Problem.Kind.INTERNAL : Problem.Kind.BAD_REQUEST;
        };
    Answer answer = Problem.of(kind, kind.title()).answer(UUID.randomUUID().toString());
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }
}
