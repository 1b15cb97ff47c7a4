package dev.pitstop.server.api;

import dev.pitstop.MessageQueue;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
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
        new Route("POST", ONE + ":pause", Right.ADMIN, Set.of(), call -> pause(call, true)),
        new Route("POST", ONE + ":resume", Right.ADMIN, Set.of(), call -> pause(call, false)),
        new Route("POST", ONE + ":requeue-all", Right.ADMIN, Set.of(), this::requeueAll),
        new Route("POST", ONE + ":purge", Right.ADMIN, Set.of(), this::purge));
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
