package dev.pitstop.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what the HTTP server itself refuses, in the form of all other problems. */
final class Errors implements Request.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

  private final Limits limits;

  Errors(Limits limits) {
    this.limits = limits;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String id = UUID.randomUUID().toString();
    Problem problem = problem(response.getStatus());
    Object failure = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    if (problem.kind() == Problem.Kind.INTERNAL && !(failure instanceof IOException)) {
      LOG.error("request {} failed", id, failure);
    } else {
      LOG.debug("request {} was refused or cut off", id, failure);
    }
    Answer answer = problem.answer(id);
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    Exchange.common(response, id);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }

  /** The problem that a status is; 501 and 505 are no faults of this server. */
  private Problem problem(int status) {
    return switch (status) {
      case 408 -> Problem.of(Problem.Kind.REQUEST_TIMEOUT, "the request did not come to its end");
      case 414, 431 ->
          Problem.of(
                  Problem.Kind.HEADERS_TOO_LARGE,
                  "request line and headers must be at most " + limits.headerBytes() + " bytes")
              .with("field", "headers")
              .with("limit", Integer.toString(limits.headerBytes()));
      case 500 -> Problem.of(Problem.Kind.INTERNAL, "the server has logged why");
      case 503 ->
          Problem.of(Problem.Kind.DRAINING, "the server is stopping").header("Retry-After", "1");
      default -> Problem.of(Problem.Kind.BAD_REQUEST, "the request is not HTTP as it should be");
    };
  }
}
