package dev.pitstop.server.http;

import dev.pitstop.lines.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request that is being answered. Thread-safe but for its body, which is read once. */
public final class Call {
  /** The header by which a PUT says that nothing may be there: {@code *}. */
  public static final String IF_NONE_MATCH = "If-None-Match";

  private static final List<String> CONDITIONS =
      List.of("If-Match", "If-Unmodified-Since", IF_NONE_MATCH);

  private final Request request;
  private final String id;
  private final Route route;
  private final Map<String, String> names;
  private final Map<String, String> query;
  private final Bodies bodies;
  private volatile Access.@Nullable Caller caller;
  private final Set<String> administered = new ConcurrentSkipListSet<>();
  private volatile Bodies.@Nullable Reading reading;
  private volatile Runnable whenLost = () -> {};

  Call(Request request, String id, Router.Found found, Bodies bodies) {
    this.request = request;
    this.bodies = bodies;
    this.id = id;
    this.route = found.route();
    this.names = found.names();
    this.query = parse(request.getHttpURI().getQuery());
  }

  /** The id of the request, for logs and problems. */
  public String id() {
    return id;
  }

  /** The route that it came by. */
  public Route route() {
    return route;
  }

  /** The method. */
  public String method() {
    return request.getMethod();
  }

  /** The path as it was sent. */
  public String path() {
    return request.getHttpURI().getPath();
  }

  /** The name and port that the request was sent to, as it says; empty when it does not. */
  public String host() {
    return header("Host").orElse("");
  }

  /** The address that the request came from, as text without its port. */
  public String remote() {
    return Request.getRemoteAddr(request);
  }

  /** Whether it came over TLS. */
  public boolean secure() {
    return request.isSecure();
  }

  /** What stands in the path for a name of the template, or in the query for a name that may. */
  public String name(String name) {
    return given(name).orElseThrow(() -> Problem.invalid(name, "must be given", ""));
  }

  /** The same; empty when it stands in neither. */
  Optional<String> given(String name) {
    String value = names.get(name);
    return Optional.ofNullable(value == null ? query.get(name) : value);
  }

  /** A parameter of the query. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** All parameters of the query. */
  public Map<String, String> query() {
    return query;
  }

  /** The value of a header, the first where it is there several times. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name)).map(Call::utf8);
  }

  /** The headers whose names begin with a text, case aside; names as they were sent. */
  public Map<String, String> headers(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      if (field.getName().regionMatches(true, 0, prefix, 0, prefix.length())) {
        String before = found.put(field.getName(), value == null ? "" : utf8(value));
        if (before != null) {
          throw Problem.invalid(field.getName(), "must be given once", value == null ? "" : value);
        }
      }
    }
    return found;
  }

  /** The media type of the body. */
  public Optional<String> contentType() {
    return header(HttpHeader.CONTENT_TYPE.asString()).filter(type -> !type.isBlank());
  }

  /**
   * The body, read to its end; asked for once.
   *
   * @param most completes with a {@link Problem} when it has more bytes, when there is no room for
   *     it or it does not arrive in time
   */
  public CompletableFuture<byte[]> body(long most) {
    Bodies.Reading read = bodies.of(request, (int) Math.min(most, Integer.MAX_VALUE - 8));
    reading = read;
    return read.start();
  }

  /** The value of a cookie. */
  public Optional<String> cookie(String name) {
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst();
  }

  /** Whether it is known who calls. */
  boolean isKnown() {
    return caller != null;
  }

  /** Who calls. */
  public Access.Caller caller() {
    return Objects.requireNonNull(caller, "not authenticated yet");
  }

  /**
   * Refuses the call when the caller has not a right in a queue.
   *
   * @throws Problem then
   */
  public void require(Right right, String queue) {
    if (right == Right.ADMIN) {
      administered.add(queue);
    }
    if (!caller().may(right, queue)) {
      throw Problem.of(Problem.Kind.FORBIDDEN, "this needs the right " + right.word())
          .with("field", "token")
          .with("limit", right.word())
          .with("queue", queue);
    }
  }

  /** The queues in which the call needed the right admin. */
  Set<String> administered() {
    return administered;
  }

  /** Has something run if whoever called is gone before it has got the answer. */
  public void whenLost(Runnable lost) {
    Runnable before = whenLost;
    whenLost =
        () -> {
          before.run();
          lost.run();
        };
  }

  /** Whoever called is gone. */
  void lost() {
    whenLost.run();
  }

  /** The request has been answered, or never will be. */
  void ended() {
    Bodies.Reading read = reading;
    if (read != null) {
      read.close();
    }
  }

  /**
   * Refuses the call when the caller has not the right that the route names: in the queue that the
   * call names, or else in all.
   */
  void requireRightOfRoute() {
    if (route.right() != Right.NONE && route.right() != Right.ANY) {
      require(route.right(), given("queue").orElse(Right.ALL_QUEUES));
    }
  }

  /** Finds out who calls. */
  void authenticate(Access access) {
    caller = access.authenticate(this);
  }

  /**
   * Refuses what is to be changed only as it was read before: no store compares and changes in one
   * step. What a PUT says of {@link #IF_NONE_MATCH} is up to its endpoint.
   */
  void refuseConditions() {
    if (Set.of("GET", "HEAD").contains(method())) {
      return;
    }
    for (String name : CONDITIONS) {
      Optional<String> value = header(name);
      boolean ofEndpoint = name.equals(IF_NONE_MATCH) && method().equals("PUT");
      if (value.isPresent() && !ofEndpoint) {
        throw unsupported(name, value.get());
      }
    }
  }

  /** Why a condition that cannot be kept to is refused. */
  public static Problem unsupported(String header, String value) {
    return Problem.of(
            Problem.Kind.NOT_SUPPORTED, "a change cannot be made under the condition " + header)
        .with("field", header)
        .with("value", value);
  }

  /** Refuses parameters that the route does not take. */
  void refuseUnknownParameters() {
    for (String name : query.keySet()) {
      if (!route.parameters().contains(name) && !takesAnyOf(name)) {
        List<String> known = route.parameters().stream().sorted().toList();
        String hint = known.isEmpty() ? "; there are none here" : Nearest.hint(name, known);
        throw Problem.of(Problem.Kind.UNKNOWN_FIELD, "unknown parameter " + name + hint)
            .with("field", name);
      }
    }
  }

  /** A parameter that ends with a star stands for all that begin so. */
  private boolean takesAnyOf(String name) {
    return route.parameters().stream()
        .filter(known -> known.endsWith("*"))
        .anyMatch(known -> name.startsWith(known.substring(0, known.length() - 1)));
  }

  private static Map<String, String> parse(@Nullable String text) {
    Map<String, String> query = new LinkedHashMap<>();
    if (text == null || text.isEmpty()) {
      return query;
    }
    for (String pair : new ArrayList<>(List.of(text.split("&")))) {
      int equals = pair.indexOf('=');
      String name = Path.decode(plus(equals < 0 ? pair : pair.substring(0, equals)));
      String value = equals < 0 ? "" : Path.decode(plus(pair.substring(equals + 1)));
      if (!name.isEmpty() && query.put(name, value) != null) {
        throw Problem.invalid(name, "must be given once", value);
      }
    }
    return query;
  }

  /** A plus stands for a space in a query, but not in a time with an offset. */
  private static String plus(String text) {
    return text.matches(".*T.*\\+\\d\\d(:?\\d\\d)?") ? text : text.replace("+", "%20");
  }

  /** Header values arrive byte for byte; what they hold is UTF-8. */
  private static String utf8(String value) {
    return Path.isAscii(value) || value.chars().anyMatch(c -> c >= 0x100)
        ? value
        : new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
