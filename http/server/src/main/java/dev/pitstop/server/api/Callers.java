package dev.pitstop.server.api;

import dev.pitstop.QueueStats;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Words;
import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Tells callers who they are and what they may do, so that they need not try. Immutable. */
final class Callers {
  private static final List<Right> TOLD =
      List.of(Right.VIEW, Right.STORE, Right.CONSUME, Right.ADMIN);

  private final Node node;

  Callers(Node node) {
    this.node = node;
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/v1/caller", Right.ANY, Set.of(), this::show));
  }

  /** The rights in all queues, and in each that there is and the caller may look at. */
  private CompletableFuture<Answer> show(Call call) {
    Access.Caller caller = call.caller();
    return node.allStats()
        .thenApply(
            all -> {
              JsonLine queues = new JsonLine();
              all.stream()
                  .map(QueueStats::queue)
                  .filter(queue -> !Reserved.is(queue) && caller.may(Right.VIEW, queue))
                  .forEach(queue -> queues.array(queue, rights(caller, queue)));
              return Answer.json(
                  200,
                  new JsonLine()
                      .text("name", caller.name())
                      .array("rights", rights(caller, "*"))
                      .value("queues", queues.bytes())
                      .bytes());
            });
  }

  private static List<byte[]> rights(Access.Caller caller, String queue) {
    return TOLD.stream()
        .filter(right -> caller.may(right, queue))
        .map(right -> JsonLine.string(Words.of(right)))
        .toList();
  }
}
