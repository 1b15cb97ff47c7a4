package dev.pitstop.server.live;

import dev.pitstop.MessageQueue;
import dev.pitstop.Schedule;
import dev.pitstop.lines.ScheduleFields;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.Option;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with many messages at once: first they are selected, then something is done with
 * what was selected. Selections and operations are in the memory of this process alone.
 * Thread-safe.
 */
final class Bulk {
  private static final Logger log = LoggerFactory.getLogger(Bulk.class);
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final Duration LONGEST_SPREAD = Duration.ofDays(7);
  private static final int MOST_IDS = 100_000;
  private static final int MOST_IDS_IN_ALL = 300_000;
  private static final int MOST_SELECTING = 4;
  private static final int MOST_RUNNING = 4;
  private static final int MOST_OPERATIONS = 100;
  private static final int FILTER_BYTES = 16 << 10;
  private static final byte[] EVERYTHING = "{}".getBytes(StandardCharsets.UTF_8);

  private final Node node;
  private final Events events;
  private final Map<String, Selection> selections = new LinkedHashMap<>(); // guarded by this
  private final Map<String, Operation> operations = new LinkedHashMap<>(); // guarded by this
  private int selecting; // guarded by this

  Bulk(Node node, Events events) {
    this.node = node;
    this.events = events;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(
        new Route(
            "POST", "/v1/queues/{queue}/messages:select", Right.ADMIN, Set.of(), this::select));
    routes.add(begin("requeue", Set.of(), call -> (queue, id, index) -> queue.requeue(id)));
    routes.add(begin("remove", Set.of(), call -> (queue, id, index) -> queue.remove(id)));
    routes.add(begin("reschedule", Set.of("at", "delay"), this::reschedule));
    routes.add(begin("emit-now", Set.of("spread"), this::emitNow));
    routes.add(new Route("GET", "/v1/operations/{id}", Right.ANY, Set.of(), call -> ok(call, 200)));
    routes.add(new Route("POST", "/v1/operations/{id}:cancel", Right.ANY, Set.of(), this::cancel));
    return routes;
  }

  /** Makes of a call what is done with each message. */
  private interface Maker {
    Operation.Action of(Call call);
  }

  private Route begin(String verb, Set<String> parameters, Maker maker) {
    return new Route(
        "POST",
        "/v1/selections/{id}:" + verb,
        Right.ANY,
        parameters,
        call -> begin(call, verb, maker));
  }

  private CompletableFuture<Answer> select(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    return call.body(FILTER_BYTES)
        .thenCompose(
            body -> {
              Selection.Matching matching =
                  Selection.Matching.parse(body.length == 0 ? EVERYTHING : body);
              Selecting look = new Selecting(queue, matching, MOST_IDS);
              enter();
              CompletableFuture<Boolean> found;
              try {
                found = look.run();
              } catch (RuntimeException e) {
                leave();
                throw e;
              }
              return found
                  .whenComplete((whole, failure) -> leave())
                  .thenApply(whole -> answer(keep(queue.name(), matching, look, whole), look));
            });
  }

  private synchronized void enter() {
    if (selecting >= MOST_SELECTING) {
      throw Problem.of(Problem.Kind.RATE_LIMITED, "too many selections are made at once")
          .with("limit", String.valueOf(MOST_SELECTING))
          .header("Retry-After", "5");
    }
    selecting++;
  }

  private synchronized void leave() {
    selecting--;
  }

  private static Answer answer(Selection selection, Selecting look) {
    Instant until = selection.madeAt().plus(KEPT);
    return Answer.json(201, selection.json(until, look.samples()).bytes());
  }

  private synchronized Selection keep(
      String queue, Selection.Matching matching, Selecting look, boolean whole) {
    Selection selection =
        new Selection(
            UUID.randomUUID().toString(),
            queue,
            matching,
            List.copyOf(look.ids()),
            whole,
            Instant.now());
    forgetOld();
    selections.put(selection.id(), selection);
    long ids = selections.values().stream().mapToLong(one -> one.ids().size()).sum();
    Iterator<Selection> eldest = selections.values().iterator();
    while (ids > MOST_IDS_IN_ALL || selections.size() > MOST_OPERATIONS) {
      ids -= eldest.next().ids().size();
      eldest.remove();
    }
    return selection;
  }

  private void forgetOld() {
    Instant before = Instant.now().minus(KEPT);
    selections.values().removeIf(selection -> selection.madeAt().isBefore(before));
    operations
        .values()
        .removeIf(operation -> operation.ended().filter(end -> end.isBefore(before)).isPresent());
  }

  private Operation.Action reschedule(Call call) {
    Schedule at = new ScheduleFields("delay", call.query().keySet(), call::query).schedule();
    if (call.query("at").isEmpty() && call.query("delay").isEmpty()) {
      throw Problem.invalid("at", "or delay must be given", "");
    }
    Instant now = node.now();
    Instant due = at.first(now).orElse(now);
    return (queue, id, index) -> queue.reschedule(id, due);
  }

  /** Due now, or one after another within a time. */
  private Operation.Action emitNow(Call call) {
    Duration spread =
        call.query("spread")
            .map(text -> Option.parseDuration("spread", text))
            .orElse(Duration.ZERO);
    if (spread.isNegative() || spread.compareTo(LONGEST_SPREAD) > 0) {
      throw Problem.invalid("spread", "must be from 0s to " + LONGEST_SPREAD, spread);
    }
    int many = Math.max(1, selection(call).ids().size());
    Instant now = node.now();
    return (queue, id, index) ->
        queue.reschedule(id, now.plusMillis(spread.toMillis() * index / many));
  }

  private CompletableFuture<Answer> begin(Call call, String verb, Maker maker) {
    Selection selection = selection(call);
    MessageQueue<byte[]> queue = node.queue(call, selection.queue(), Right.ADMIN);
    Operation.Action action = maker.of(call);
    Operation operation =
        new Operation(
            UUID.randomUUID().toString(),
            verb,
            selection,
            queue,
            action,
            node.blocking(),
            this::ended,
            Instant.now());
    synchronized (this) {
      forgetOld();
      Collection<Operation> all = operations.values();
      if (all.stream().filter(Operation::isRunning).count() >= MOST_RUNNING) {
        throw Problem.of(Problem.Kind.RATE_LIMITED, "too many operations run at once")
            .with("limit", String.valueOf(MOST_RUNNING))
            .header("Retry-After", "5");
      }
      Iterator<Operation> eldest = all.iterator();
      while (operations.size() >= MOST_OPERATIONS && eldest.hasNext()) {
        if (!eldest.next().isRunning()) {
          eldest.remove();
        }
      }
      operations.put(operation.id(), operation);
    }
    operation.goOn();
    return CompletableFuture.completedFuture(
        Answer.json(202, operation.json()).header("Location", "/v1/operations/" + operation.id()));
  }

  private void ended(Operation operation) {
    log.info("operation {} on queue {} has ended", operation.id(), operation.queue());
    events.tell(operation.queue(), "operation", operation.json());
  }

  private CompletableFuture<Answer> cancel(Call call) {
    operation(call).cancel();
    return ok(call, 200);
  }

  private CompletableFuture<Answer> ok(Call call, int status) {
    return CompletableFuture.completedFuture(Answer.json(status, operation(call).json()));
  }

  private Selection selection(Call call) {
    Selection found;
    synchronized (this) {
      forgetOld();
      found = selections.get(call.name("id"));
    }
    if (found == null) {
      throw unknown(call, "selection");
    }
    return found;
  }

  private Operation operation(Call call) {
    Operation found;
    synchronized (this) {
      forgetOld();
      found = operations.get(call.name("id"));
    }
    if (found == null) {
      throw unknown(call, "operation");
    }
    call.require(Right.ADMIN, found.queue());
    return found;
  }

  private static Problem unknown(Call call, String what) {
    return Problem.of(
            Problem.Kind.NOT_FOUND,
            "this node has no such "
                + what
                + ": another made it, or the 10 minutes are over for which it is kept")
        .with("value", call.name("id"));
  }
}
