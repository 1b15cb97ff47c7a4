package dev.pitstop.server.http;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.MessageExistsException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Texts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not done, as RFC 9457 has it: what is answered as {@code
 * application/problem+json}.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_VALUE = 200;

  private final Kind kind;
  private final transient Map<String, String> members;
  private final transient Map<String, String> headers;

  /** The kinds of problems; each has a page of its own under {@code /problems/}. */
  public enum Kind {
    /** The request is not HTTP as it should be. */
    BAD_REQUEST(400, "The request was not understood"),
    /** No token, or one that is not known. */
    UNAUTHENTICATED(401, "A token that is known must be given"),
    /** The token does not give the right. */
    FORBIDDEN(403, "The token does not allow that"),
    /** Nothing is there. */
    NOT_FOUND(404, "There is nothing there"),
    /** The path takes other methods. */
    METHOD_NOT_ALLOWED(405, "The method is not one of this path"),
    /** The request did not come to its end in time. */
    REQUEST_TIMEOUT(408, "The request took too long"),
    /** The id is there already. */
    EXISTS(409, "The queue holds a message of that id already"),
    /** A request with the same idempotency key has not ended. */
    IDEMPOTENCY_RUNNING(409, "The request with that key is still running"),
    /** The message stands otherwise than the request needs. */
    WRONG_STATE(409, "The message is not in a state for that"),
    /** The configuration has what the request would change. */
    CONFIGURED(409, "The configuration of the server says otherwise"),
    /** What the store keeps cannot be read. */
    UNREADABLE(409, "What is kept cannot be read"),
    /** What the request made a condition does not hold. */
    PRECONDITION_FAILED(412, "What the request made a condition does not hold"),
    /** The body is too large. */
    BODY_TOO_LARGE(413, "The body is too large"),
    /** The media type is not one that the route takes. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not understood here"),
    /** A field is out of bounds. */
    INVALID_FIELD(422, "A field is out of bounds"),
    /** A field, header or parameter that does not exist. */
    UNKNOWN_FIELD(422, "There is no such field"),
    /** An idempotency key was used for another request before. */
    IDEMPOTENCY_REUSED(422, "The key was used for another request"),
    /** Too many requests of one caller. */
    RATE_LIMITED(429, "Too many requests"),
    /** The headers are too large. */
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    /** A fault of the server. */
    INTERNAL(500, "The server failed"),
    /** What is asked for cannot be promised. */
    NOT_SUPPORTED(501, "The server cannot promise that"),
    /** The store does not answer. */
    STORE_AWAY(503, "The store is away"),
    /** The server is about to stop. */
    DRAINING(503, "The server is stopping");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** What it is called, in a few words. */
    public String title() {
      return title;
    }

    /** The last part of its address: {@code invalid-field}. */
    public String slug() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private Problem(
      Kind kind, String detail, Map<String, String> members, Map<String, String> headers) {
    super(detail, null, false, false);
    this.kind = kind;
    this.members = members;
    this.headers = headers;
  }

  /** A problem with what is to be said about this request. */
  public static Problem of(Kind kind, String detail) {
    return new Problem(kind, detail, Map.of(), Map.of());
  }

  /** A field that is out of bounds. */
  public static Problem invalid(String field, String limit, Object value) {
    return of(new InvalidFieldException(field, limit, value));
  }

  /** The same with a member more; values are cut to 200 characters. */
  public Problem with(String member, String value) {
    Map<String, String> more = new LinkedHashMap<>(members);
    more.put(member, Texts.shown(value, LONGEST_VALUE));
    return new Problem(kind, String.valueOf(getMessage()), more, headers);
  }

  /** The same with a header of the answer more. */
  public Problem header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(kind, String.valueOf(getMessage()), members, more);
  }

  /** The problem that a failure is; an {@link Kind#INTERNAL} one says nothing of its cause. */
  public static Problem of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Problem problem) {
      return problem;
    }
    if (cause instanceof InvalidFieldException e) {
      return of(Kind.INVALID_FIELD, String.valueOf(e.getMessage()))
          .with("field", e.field())
          .with("value", String.valueOf(e.value()))
          .with("limit", e.limit());
    }
    if (cause instanceof MessageExistsException e) {
      return of(Kind.EXISTS, String.valueOf(e.getMessage()));
    }
    if (cause instanceof StoreUnavailableException) {
      return of(Kind.STORE_AWAY, "the store does not answer; nothing is known to be done")
          .header("Retry-After", "1");
    }
    if (cause instanceof PitstopException e) {
      return of(Kind.INVALID_FIELD, String.valueOf(e.getMessage()));
    }
    return of(Kind.INTERNAL, "the server has logged why");
  }

  /** What is said about this request in one line, with the queue that it is about. */
  public String said() {
    String queue = members.get("queue");
    return queue == null ? detail() : "queue " + queue + ": " + detail();
  }

  /** What kind it is. */
  public Kind kind() {
    return kind;
  }

  /** What is answered. */
  public Answer answer(String requestId) {
    byte[] json = line().text("requestId", requestId).bytes();
    Answer answer = Answer.of(kind.status(), "application/problem+json", json);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      answer = answer.header(header.getKey(), header.getValue());
    }
    return answer;
  }

  /** The problem as JSON, for answers that hold several. */
  public byte[] json() {
    return line().bytes();
  }

  private JsonLine line() {
    JsonLine json =
        new JsonLine()
            .text("type", "/problems/" + kind.slug())
            .text("title", kind.title())
            .number("status", kind.status())
            .text("detail", Texts.shown(detail(), 1_000));
    members.forEach(json::text);
    return json;
  }

  private String detail() {
    @Nullable String message = getMessage();
    return message == null ? kind.title() : message;
  }
}
