package dev.pitstop.server.live;

import dev.pitstop.QueueStats;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What queues hold and how fast they move, to look at. Immutable. */
final class QueueViews {
  private final Node node;
  private final Sampler sampler;
  private final Rates rates;
  private final Function<String, Optional<byte[]>> targets;

  QueueViews(Node node, Sampler sampler, Rates rates, Function<String, Optional<byte[]>> targets) {
    this.node = node;
    this.sampler = sampler;
    this.rates = rates;
    this.targets = targets;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/queues", Right.ANY, Set.of("reserved"), this::list),
        new Route("GET", "/v1/queues/{queue}", Right.VIEW, Set.of(), this::show));
  }

  /** Those that the caller may look at. */
  private CompletableFuture<Answer> list(Call call) {
    boolean reserved =
        switch (call.query("reserved").orElse("false")) {
          case "true" -> true;
          case "false" -> false;
          default ->
              throw Problem.invalid("reserved", "must be true or false", call.name("reserved"));
        };
    return sampler
        .fresh()
        .thenApply(
            sample -> {
              List<byte[]> items =
                  sample.queues().stream()
                      .filter(stats -> reserved || !Reserved.is(stats.queue()))
                      .filter(stats -> call.caller().may(Right.VIEW, stats.queue()))
                      .map(stats -> json(stats, sample.asOf()))
                      .toList();
              return Answer.json(
                  200, new JsonLine().array("items", items).time("asOf", sample.asOf()).bytes());
            });
  }

  private CompletableFuture<Answer> show(Call call) {
    String name = node.queue(call, Right.VIEW).name();
    return sampler
        .fresh()
        .thenApply(
            sample -> {
              Optional<QueueStats> found =
                  sample.queues().stream().filter(stats -> stats.queue().equals(name)).findFirst();
              return Answer.json(
                  200, json(found.orElseGet(() -> QueueStats.empty(name)), sample.asOf()));
            });
  }

  /** Whether a queue is among those that someone is shown unasked. */
  static boolean shown(Access.Caller caller, String queue) {
    return !Reserved.is(queue) && caller.may(Right.VIEW, queue);
  }

  byte[] json(QueueStats stats, Instant now) {
    JsonLine json =
        new JsonLine()
            .text("queue", stats.queue())
            .number("scheduled", stats.scheduled())
            .number("leased", stats.leased())
            .number("buried", stats.buried())
            .flag("paused", stats.paused());
    stats.nextDue().ifPresent(due -> json.time("nextDue", due));
    Duration late = stats.nextDue().map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
    json.number("lateMillis", Math.max(0, late.toMillis()))
        .value("rates", rates.json(stats.queue()));
    targets.apply(stats.queue()).ifPresent(target -> json.value("target", target));
    return json.bytes();
  }
}
