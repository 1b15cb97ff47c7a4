package dev.pitstop.server.api;

import dev.pitstop.Delivery;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ObjectLine;
import dev.pitstop.lines.Times;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Leases on demand: who asks gets what is due, and settles it by id and token. Thread-safe. */
final class Leases {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(1);
  private static final Duration LONGEST_LEASE = Duration.ofDays(7);
  private static final int MOST = 1_000;
  private static final long SETTLE_BYTES = 8L << 20;
  private static final List<String> SETTLE =
      List.of("queue", "id", "token", "do", "error", "delay", "at", "leaseTime");

  private final Node node;
  private final Held held = new Held();
  private final Wakeups wakeups;
  private final LeaseStreams streams;

  Leases(Node node) {
    this.node = node;
    streams = new LeaseStreams(node, held);
    wakeups = new Wakeups(node.store(), node.timer(), node.blocking());
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "POST",
            "/v1/queues/{queue}/leases",
            Right.CONSUME,
            Set.of("limit", "wait", "leaseTime"),
            this::lease),
        new Route(
            "GET",
            "/v1/queues/{queue}/leases",
            Right.CONSUME,
            Set.of("limit", "leaseTime"),
            this::stream),
        new Route("POST", "/v1/leases:settle", Right.ANY, Set.of(), this::settle));
  }

  private CompletableFuture<Answer> lease(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.CONSUME);
    int limit = Numbers.parse("limit", call.query("limit").orElse("1"), 1, MOST);
    Duration wait =
        Numbers.duration("wait", call.query("wait").orElse("0s"), Duration.ZERO, LONGEST_WAIT);
    ListenerOptions options = options(call, queue);
    Pull pull = new Pull(queue, limit, options, System.nanoTime() + wait.toNanos());
    call.whenLost(pull::lost);
    return pull.look().thenApply(Leases::answer);
  }

  private ListenerOptions options(Call call, MessageQueue<byte[]> queue) {
    ListenerOptions usual = node.options().apply(queue.name());
    return call.query("leaseTime")
        .map(text -> Numbers.duration("leaseTime", text, SHORTEST_LEASE, LONGEST_LEASE))
        .map(usual::leaseTime)
        .orElse(usual);
  }

  private CompletableFuture<Answer> stream(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.CONSUME);
    int limit = Numbers.parse("limit", call.query("limit").orElse("16"), 1, MOST);
    ListenerOptions options = options(call, queue).concurrency(limit);
    return CompletableFuture.completedFuture(streams.answer(queue, options, limit));
  }

  /** One call that asks until there is something, its time is over, or who called is gone. */
  private final class Pull {
    private final MessageQueue<byte[]> queue;
    private final int limit;
    private final ListenerOptions options;
    private final long end;
    private final List<Delivery<byte[]>> given = new ArrayList<>(); // guarded by this
    private CompletableFuture<Void> waiting = CompletableFuture.completedFuture(null);
    private boolean lost; // guarded by this

    Pull(MessageQueue<byte[]> queue, int limit, ListenerOptions options, long end) {
      this.queue = queue;
      this.limit = limit;
      this.options = options;
      this.end = end;
    }

    CompletableFuture<List<Delivery<byte[]>>> look() {
      return queue
          .lease(limit, options)
          .thenCompose(
              leased -> {
                long left = end - System.nanoTime();
                if (!leased.isEmpty()) {
                  return CompletableFuture.completedFuture(give(leased));
                }
                return left <= 0 || node.drain().hasBegun() || !awaits(Duration.ofNanos(left))
                    ? CompletableFuture.completedFuture(List.of())
                    : waiting.thenCompose(woken -> isLost() ? none() : look());
              });
    }

    private CompletableFuture<List<Delivery<byte[]>>> none() {
      return CompletableFuture.completedFuture(List.of());
    }

    private synchronized boolean isLost() {
      return lost;
    }

    private boolean awaits(Duration left) {
      CompletableFuture<Void> next = wakeups.await(queue.name(), left);
      Runnable drained = () -> next.complete(null);
      node.drain().tell(drained);
      next.whenComplete((woken, failure) -> node.drain().forget(drained));
      synchronized (this) {
        waiting = next;
        if (!lost) {
          return true;
        }
      }
      next.complete(null);
      return false;
    }

    private List<Delivery<byte[]>> give(List<Delivery<byte[]>> leased) {
      synchronized (this) {
        if (!lost) {
          given.addAll(leased);
          leased.forEach(held::add);
          return leased;
        }
      }
      leased.forEach(Delivery::release);
      return List.of();
    }

    /** Who called is gone: what it did not get is given back, and not counted as attempted. */
    void lost() {
      CompletableFuture<Void> wakes;
      List<Delivery<byte[]>> back;
      synchronized (this) {
        lost = true;
        wakes = waiting;
        back = List.copyOf(given);
      }
      wakes.complete(null);
      for (Delivery<byte[]> delivery : back) {
        held.remove(delivery);
        delivery.release();
      }
    }
  }

  private static Answer answer(List<Delivery<byte[]>> leased) {
    List<byte[]> leases = leased.stream().map(Leases::json).map(JsonLine::bytes).toList();
    return Answer.json(200, new JsonLine().array("leases", leases).bytes());
  }

  /**
   * A delivery as whoever leases it sees it; the token is a text, as JavaScript has no such
   * numbers.
   */
  static JsonLine json(Delivery<byte[]> delivery) {
    JsonLine json =
        new JsonLine()
            .text("queue", delivery.queue())
            .text("id", delivery.id())
            .text("token", Long.toString(delivery.token()))
            .body(delivery.bytes(), delivery.contentType())
            .texts("headers", delivery.headers())
            .time("scheduledFor", delivery.scheduledFor())
            .time("emittedAt", delivery.emittedAt())
            .time("leasedUntil", delivery.leasedUntil())
            .number("attempt", delivery.attempt());
    if (delivery.missed() > 0) {
      json.number("missed", delivery.missed());
    }
    delivery.lastError().ifPresent(error -> json.text("lastError", error));
    return json;
  }

  private CompletableFuture<Answer> settle(Call call) {
    return call.body(SETTLE_BYTES)
        .thenCompose(
            body -> {
              List<CompletableFuture<JsonLine>> answers = new ArrayList<>();
              for (ObjectLine item : ObjectLine.parseAll(body, SETTLE, MOST)) {
                answers.add(settle(call, item));
              }
              return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                  .thenApply(
                      all ->
                          new JsonLine()
                              .array(
                                  "items",
                                  answers.stream().map(answer -> answer.join().bytes()).toList()))
                  .thenApply(json -> Answer.json(200, json.bytes()));
            });
  }

  private CompletableFuture<JsonLine> settle(Call call, ObjectLine item) {
    JsonLine said = new JsonLine();
    CompletableFuture<Boolean> took;
    try {
      String id = required(item, "id");
      said.text("id", id);
      MessageQueue<byte[]> queue = node.queue(call, required(item, "queue"), Right.CONSUME);
      long token = token(required(item, "token"));
      Settling settling = settling(item);
      took =
          held.find(queue, id, token, node)
              .thenCompose(found -> found.isEmpty() ? no() : settling.of(found.get(), held));
    } catch (RuntimeException e) {
      took = CompletableFuture.failedFuture(e);
    }
    return took.handle(
        (done, failure) ->
            failure == null ? said.flag("took", done) : Messages.refused(said, failure));
  }

  private static CompletableFuture<Boolean> no() {
    return CompletableFuture.completedFuture(false);
  }

  /** What is done with a delivery. */
  @FunctionalInterface
  private interface Settling {
    CompletableFuture<Boolean> of(Delivery<byte[]> delivery, Held held);
  }

  private static Settling settling(ObjectLine item) {
    String what = required(item, "do");
    Optional<String> error = item.text("error");
    Optional<Duration> delay = item.text("delay").map(text -> Option.parseDuration("delay", text));
    return switch (what) {
      case "ack" -> ending(Delivery::ack);
      case "release" -> ending(Delivery::release);
      case "nack" -> {
        String reason = error.orElse("nacked without an error");
        yield ending(
            delivery ->
                delay.isPresent() ? delivery.nack(reason, delay.get()) : delivery.nack(reason));
      }
      case "bury" -> ending(delivery -> delivery.bury(error.orElse("buried without an error")));
      case "reschedule" -> {
        var at = Times.parse("at", required(item, "at"));
        yield ending(delivery -> delivery.reschedule(at));
      }
      case "extend" -> {
        Duration time =
            Numbers.duration(
                "leaseTime", required(item, "leaseTime"), SHORTEST_LEASE, LONGEST_LEASE);
        yield (delivery, held) -> delivery.extend(time);
      }
      default ->
          throw new InvalidFieldException(
              "do", "must be one of ack, nack, release, bury, reschedule, extend", what);
    };
  }

  private static Settling ending(Function<Delivery<byte[]>, CompletableFuture<Boolean>> settle) {
    return (delivery, held) ->
        settle
            .apply(delivery)
            .whenComplete(
                (took, failure) -> {
                  if (failure == null) {
                    held.remove(delivery);
                  }
                });
  }

  private static String required(ObjectLine item, String name) {
    return item.text(name).orElseThrow(() -> Problem.invalid(name, "must be given", ""));
  }

  private static long token(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new InvalidFieldException("token", "must be a lease's token", text, e);
    }
  }
}
