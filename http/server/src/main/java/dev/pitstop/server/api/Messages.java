package dev.pitstop.server.api;

import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import dev.pitstop.Stored;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ScheduleFields;
import dev.pitstop.lines.ScheduleWords;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.lines.Times;
import dev.pitstop.lines.Words;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Endpoint;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be done with messages one by one: storing, looking, moving and removing. Immutable. */
final class Messages {
  private static final String ALL = "/v1/queues/{queue}/messages";
  private static final String BY_PATH = ALL + "/{id}";

  /** For ids that a proxy would change in a path: the id is a parameter. */
  private static final String BY_PARAMETER = "/v1/queues/{queue}/message";

  private static final String DEFAULT_TYPE = "application/octet-stream";
  private static final int SHOWN_NEXT = 10;

  private final Node node;
  private final Idempotency idempotency;

  Messages(Node node, Idempotency idempotency) {
    this.node = node;
    this.idempotency = idempotency;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(new Route("POST", ALL, Right.STORE, Parameters.STORING, this::store));
    routes.addAll(one("PUT", "", Right.STORE, Parameters.STORING, this::store));
    routes.addAll(one("GET", "", Right.VIEW, Set.of("view"), this::show));
    routes.addAll(one("GET", "body", Right.CONSUME, Set.of(), this::body));
    routes.addAll(one("DELETE", "", Right.ADMIN, Set.of(), this::remove));
    routes.addAll(one("POST", "requeue", Right.ADMIN, Set.of(), this::requeue));
    routes.addAll(one("POST", "reschedule", Right.ADMIN, Set.of("at", "delay"), this::reschedule));
    routes.addAll(one("POST", "emit-now", Right.ADMIN, Set.of(), this::emitNow));
    return routes;
  }

  /** The routes of a message: its id in the path, or as a parameter. */
  static List<Route> one(
      String method, String verb, Right right, Set<String> parameters, Endpoint endpoint) {
    String suffix = verb.isEmpty() ? "" : ":" + verb;
    Set<String> withId =
        Stream.concat(parameters.stream(), Stream.of("id")).collect(Collectors.toSet());
    return List.of(
        new Route(method, BY_PATH + suffix, right, parameters, endpoint),
        new Route(method, BY_PARAMETER + suffix, right, withId, endpoint));
  }

  private CompletableFuture<Answer> store(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.STORE);
    Parameters parameters = Parameters.of(call);
    Schedule schedule = new ScheduleFields("delay", parameters.names(), parameters::get).schedule();
    boolean onlyIfAbsent = onlyIfAbsent(call, parameters);
    IfPresent ifPresent =
        onlyIfAbsent
            ? IfPresent.FAIL
            : parameters
                .get("ifPresent")
                .map(word -> Words.parse("ifPresent", IfPresent.class, word))
                .orElse(IfPresent.REPLACE);
    Optional<String> id =
        call.method().equals("PUT") ? Optional.of(call.name("id")) : Optional.empty();
    String type = call.contentType().orElse(DEFAULT_TYPE);
    Optional<String> key =
        id.isPresent()
            ? Optional.empty()
            : call.header(Idempotency.HEADER)
                .map(sent -> Idempotency.id(call.caller().name(), queue.name(), sent));
    return call.body(node.maxBody())
        .thenCompose(
            body -> {
              Message<byte[]> message =
                  new Message<>(
                      body, id.or(() -> key), parameters.messageHeaders(), Optional.of(type));
              return key.isPresent()
                  ? idempotency.once(
                      key.get(), parameters.digest(message), () -> once(queue, message, schedule))
                  : queue
                      .store(message, schedule, ifPresent)
                      .exceptionally(failure -> refused(failure, onlyIfAbsent))
                      .thenApply(stored -> stored(queue.name(), stored));
            });
  }

  /** Whether a request makes it a condition that no message of that id is there. */
  private static boolean onlyIfAbsent(Call call, Parameters parameters) {
    Optional<String> condition = call.header(Call.IF_NONE_MATCH);
    if (condition.isEmpty()) {
      return false;
    }
    if (!condition.get().equals("*")) {
      throw Call.unsupported(Call.IF_NONE_MATCH, condition.get());
    }
    Optional<String> otherwise = parameters.get("ifPresent");
    if (otherwise.isPresent()) {
      throw Problem.invalid(
          "ifPresent", "cannot be given with " + Call.IF_NONE_MATCH, otherwise.get());
    }
    return true;
  }

  private static Stored refused(Throwable failure, boolean onlyIfAbsent) {
    Problem problem = Problem.of(failure);
    if (onlyIfAbsent && problem.kind() == Problem.Kind.EXISTS) {
      throw Problem.of(Problem.Kind.PRECONDITION_FAILED, String.valueOf(problem.getMessage()))
          .with("field", Call.IF_NONE_MATCH);
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /**
   * Stores a message whose id stands for an idempotency key. One that is there already was stored
   * by the same request, sent to another node or before a restart, or by another with that key.
   */
  private static CompletableFuture<Answer> once(
      MessageQueue<byte[]> queue, Message<byte[]> message, Schedule schedule) {
    return queue
        .store(message, schedule, IfPresent.KEEP)
        .thenCompose(
            stored -> {
              if (stored.outcome() == Stored.Outcome.CREATED) {
                return CompletableFuture.completedFuture(stored(queue.name(), stored));
              }
              return queue
                  .find(stored.id())
                  .thenApply(
                      found -> {
                        if (found.isPresent() && !same(found.get(), message)) {
                          throw Idempotency.reused();
                        }
                        return Idempotency.replayed(created(queue.name(), stored.id()));
                      });
            });
  }

  private static boolean same(StoredMessage stored, Message<byte[]> message) {
    return Arrays.equals(stored.body(), message.body())
        && stored.headers().equals(message.headers())
        && message.contentType().equals(Optional.of(stored.contentType()));
  }

  private static Answer stored(String queue, Stored stored) {
    return stored.outcome() == Stored.Outcome.CREATED
        ? created(queue, stored.id())
        : Answer.json(200, outcome(queue, stored.id(), stored.outcome()));
  }

  private static Answer created(String queue, String id) {
    return Answer.json(201, outcome(queue, id, Stored.Outcome.CREATED))
        .header("Location", location(queue, id));
  }

  private static byte[] outcome(String queue, String id, Stored.Outcome outcome) {
    return new JsonLine()
        .text("queue", queue)
        .text("id", id)
        .text("outcome", Words.of(outcome))
        .bytes();
  }

  private static String location(String queue, String id) {
    return "/v1/queues/"
        + queue
        + "/messages/"
        + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private CompletableFuture<Answer> show(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.VIEW);
    boolean bodies =
        call.query("view")
            .map(word -> Listing.fullView(call, word))
            .orElseGet(
                () -> !Reserved.is(queue.name()) && call.caller().may(Right.CONSUME, queue.name()));
    return found(queue, call.name("id"))
        .thenApply(
            message -> {
              JsonLine json =
                  bodies
                      ? StoredMessages.json(queue.name(), message)
                      : StoredMessages.summary(queue.name(), message)
                          .texts("headers", message.headers());
              words(message).ifPresent(words -> json.text("words", words));
              json.array("next", next(message)).time("asOf", node.now());
              return Answer.json(200, json.bytes());
            });
  }

  /** The next instants of a message's schedule; a text that cannot be read has none. */
  private static List<byte[]> next(StoredMessage message) {
    try {
      Optional<Schedule> schedule = message.schedule();
      return schedule.isEmpty()
          ? List.of()
          : schedule.get().next(SHOWN_NEXT, message.scheduledFor().minusMillis(1)).stream()
              .map(instant -> JsonLine.string(Times.iso(instant)))
              .toList();
    } catch (PitstopException e) {
      return List.of();
    }
  }

  /** A message's schedule in words; empty for none, or one whose text cannot be read. */
  private static Optional<String> words(StoredMessage message) {
    try {
      return message.schedule().map(ScheduleWords::of);
    } catch (PitstopException e) {
      return Optional.empty();
    }
  }

  private CompletableFuture<Answer> body(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.CONSUME);
    return found(queue, call.name("id"))
        .thenApply(
            message ->
                Answer.of(200, "application/octet-stream", message.body())
                    .header("Content-Disposition", "attachment")
                    .header("Pitstop-Content-Type", message.contentType()));
  }

  /** The message of an id; a problem when it is not there. */
  static CompletableFuture<StoredMessage> found(MessageQueue<byte[]> queue, String id) {
    return queue.find(id).thenApply(message -> message.orElseThrow(() -> notFound(queue, id)));
  }

  private static Problem notFound(MessageQueue<byte[]> queue, String id) {
    return Problem.of(
            Problem.Kind.NOT_FOUND,
            "queue "
                + queue.name()
                + " holds no message of that id: acked, removed or never stored")
        .with("value", id);
  }

  private CompletableFuture<Answer> remove(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    String id = call.name("id");
    return queue.remove(id).thenApply(there -> done(there, () -> notFound(queue, id)));
  }

  private CompletableFuture<Answer> requeue(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    String id = call.name("id");
    return queue
        .requeue(id)
        .thenCompose(done -> done ? ok() : why(queue, id, "only a buried message is requeued"));
  }

  private CompletableFuture<Answer> reschedule(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    Schedule at = new ScheduleFields("delay", call.query().keySet(), call::query).schedule();
    if (call.query("at").isEmpty() && call.query("delay").isEmpty()) {
      throw Problem.invalid("at", "or delay must be given", "");
    }
    return moved(queue, call.name("id"), at);
  }

  private CompletableFuture<Answer> emitNow(Call call) {
    return moved(node.queue(call, Right.ADMIN), call.name("id"), Schedule.in(Duration.ZERO));
  }

  private CompletableFuture<Answer> moved(MessageQueue<byte[]> queue, String id, Schedule to) {
    Instant now = node.now();
    Instant due = to.first(now).orElse(now);
    return queue
        .reschedule(id, due)
        .thenCompose(done -> done ? ok() : why(queue, id, "a leased message is left alone"));
  }

  /** Why something was not done: it is not there, or stands otherwise. */
  private static CompletableFuture<Answer> why(
      MessageQueue<byte[]> queue, String id, String reason) {
    return found(queue, id)
        .thenApply(
            message -> {
              throw Problem.of(Problem.Kind.WRONG_STATE, reason)
                  .with("value", Words.of(message.state()));
            });
  }

  private static CompletableFuture<Answer> ok() {
    return CompletableFuture.completedFuture(Answer.empty(204));
  }

  private static Answer done(boolean done, Supplier<Problem> otherwise) {
    if (!done) {
      throw otherwise.get();
    }
    return Answer.empty(204);
  }

  /** Why a line that removes was refused. */
  static Problem needsAdmin(String queue) {
    return Problem.of(Problem.Kind.FORBIDDEN, "removing needs the right admin")
        .with("queue", queue);
  }

  /** An answer of a line for each item of a batch, in their order. */
  static Answer lines(List<JsonLine> lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (JsonLine line : lines) {
      out.writeBytes(line.bytes());
      out.write('\n');
    }
    return Answer.of(200, "application/x-ndjson", out.toByteArray());
  }

  /** What became of one item of a batch. */
  static JsonLine outcome(long line, StoreResult result) {
    JsonLine json = new JsonLine().number("line", line);
    if (result instanceof StoreResult.Success success) {
      return stored(json, success.stored());
    }
    return refused(json, ((StoreResult.Failure) result).failure());
  }

  /** What is said of one item of a batch that was stored. */
  static JsonLine stored(JsonLine json, Stored stored) {
    return json.number("status", stored.outcome() == Stored.Outcome.CREATED ? 201 : 200)
        .text("id", stored.id())
        .text("outcome", Words.of(stored.outcome()));
  }

  /** What is said of one item of a batch that was refused. */
  static JsonLine refused(JsonLine json, Throwable failure) {
    Problem problem = Problem.of(failure);
    return json.number("status", problem.kind().status()).value("problem", problem.json());
  }
}
