package dev.pitstop.server.api;

import dev.pitstop.MessageQueue;
import dev.pitstop.QueueStats;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What can be done with queues as a whole. Immutable. */
final class Queues {
  private static final String ONE = "/v1/queues/{queue}";

  private final Node node;

  Queues(Node node) {
    this.node = node;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/queues", Right.ANY, Set.of(), this::list),
        new Route("GET", ONE, Right.VIEW, Set.of(), this::show),
        new Route("POST", ONE + ":pause", Right.ADMIN, Set.of(), call -> pause(call, true)),
        new Route("POST", ONE + ":resume", Right.ADMIN, Set.of(), call -> pause(call, false)),
        new Route("POST", ONE + ":requeue-all", Right.ADMIN, Set.of(), this::requeueAll),
        new Route("POST", ONE + ":purge", Right.ADMIN, Set.of(), this::purge));
  }

  /** Those that the caller may look at. */
  private CompletableFuture<Answer> list(Call call) {
    return node.allStats()
        .thenApply(
            all -> {
              Instant now = node.now();
              List<byte[]> items =
                  all.stream()
                      .filter(stats -> call.caller().may(Right.VIEW, stats.queue()))
                      .map(stats -> json(stats, now))
                      .toList();
              return Answer.json(
                  200, new JsonLine().array("items", items).time("asOf", now).bytes());
            });
  }

  private CompletableFuture<Answer> show(Call call) {
    return node.queue(call, Right.VIEW)
        .stats()
        .thenApply(stats -> Answer.json(200, json(stats, node.now())));
  }

  private byte[] json(QueueStats stats, Instant now) {
    JsonLine json =
        new JsonLine()
            .text("queue", stats.queue())
            .number("scheduled", stats.scheduled())
            .number("leased", stats.leased())
            .number("buried", stats.buried())
            .flag("paused", stats.paused());
    stats.nextDue().ifPresent(due -> json.time("nextDue", due));
    Duration late = stats.nextDue().map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
    return json.number("lateMillis", Math.max(0, late.toMillis())).bytes();
  }

  private CompletableFuture<Answer> pause(Call call, boolean pause) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    return (pause ? queue.pause() : queue.resume())
        .thenApply(changed -> Answer.json(200, new JsonLine().flag("changed", changed).bytes()));
  }

  private CompletableFuture<Answer> requeueAll(Call call) {
    return node.queue(call, Right.ADMIN).requeueAll().thenApply(Queues::count);
  }

  private CompletableFuture<Answer> purge(Call call) {
    return node.queue(call, Right.ADMIN).purge().thenApply(Queues::count);
  }

  private static Answer count(long count) {
    return Answer.json(200, new JsonLine().number("count", count).bytes());
  }
}
