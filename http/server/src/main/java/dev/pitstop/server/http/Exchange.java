package dev.pitstop.server.http;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to its endpoint, and the answer on its way back. For one request. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /** What every answer says; a page of ours is nothing that another site may use or frame. */
  private static final HttpField[] ALWAYS = {
    new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
    new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
    new PreEncodedHttpField("X-Frame-Options", "DENY"),
    new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
  };

  /** What an answer says that does not say otherwise. */
  private static final HttpField[] OTHERWISE = {
    new PreEncodedHttpField(
        "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store"),
  };

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final String id = UUID.randomUUID().toString();
  private final AtomicBoolean lost = new AtomicBoolean();
  private volatile @Nullable Call call;

  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
  }

  /** Has the endpoint answer. */
  void lead(Router router, Access access, Bodies bodies, Limits limits) {
    CompletableFuture<Answer> answer;
    try {
      refuseManyHeaders(limits.headers());
      String path = request.getHttpURI().getPath();
      Router.Found found = router.find(request.getMethod(), path == null ? "" : path);
      Call called = new Call(request, id, found, bodies);
      call = called;
      Request.addCompletionListener(request, failure -> called.ended());
      called.authenticate(access);
      called.refuseUnknownParameters();
      called.requireRightOfRoute();
      called.refuseConditions();
      answer = called.route().endpoint().answer(called);
      request.addFailureListener(this::lost);
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete((done, failure) -> write(failure == null ? done : answer(failure)));
  }

  /** Refuses the request, whatever it asks for. */
  void refuse(Problem problem) {
    write(problem.answer(id));
  }

  private void refuseManyHeaders(int most) {
    int count = request.getHeaders().size();
    if (count > most) {
      throw Problem.of(
              Problem.Kind.HEADERS_TOO_LARGE, "a request must have at most " + most + " headers")
          .with("field", "headers")
          .with("limit", Integer.toString(most))
          .with("value", Integer.toString(count));
    }
  }

  private Answer answer(Throwable failure) {
    Problem problem = Problem.of(failure);
    if (problem.kind() == Problem.Kind.INTERNAL) {
      LOG.error(
          "request {} ({} {}) failed",
          id,
          request.getMethod(),
          request.getHttpURI().getPath(),
          failure);
    }
    return problem.answer(id);
  }

  private void lost(Throwable failure) {
    Call called = call;
    if (called != null && lost.compareAndSet(false, true)) {
      called.lost();
    }
  }

  private void write(Answer answer) {
    try {
      Call called = call;
      if (called != null) {
        Audit.answered(called, answer.status());
      }
      headers(answer);
      Consumer<Stream> stream = answer.stream();
      boolean head = request.getMethod().equals("HEAD");
      Callback end = Callback.from(callback::succeeded, this::failed);
      if (stream != null && !head) {
        stream.accept(new Stream(request, response, end));
        return;
      }
      if (stream == null) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
      }
      response.write(true, ByteBuffer.wrap(head ? new byte[0] : answer.body()), end);
    } catch (RuntimeException | Error e) {
      callback.failed(e);
    }
  }

  private void failed(Throwable failure) {
    lost(failure);
    callback.failed(failure);
  }

  private void headers(Answer answer) {
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    common(response, id);
  }

  /** Adds what every answer has. */
  static void common(Response response, String id) {
    HttpFields.Mutable headers = response.getHeaders();
    headers.put("X-Request-Id", id);
    for (HttpField field : ALWAYS) {
      headers.put(field);
    }
    for (HttpField field : OTHERWISE) {
      if (!headers.contains(field.getName())) {
        headers.put(field);
      }
    }
  }
}
