package dev.pitstop.server.api;

import dev.pitstop.Schedule;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ScheduleFields;
import dev.pitstop.lines.ScheduleWords;
import dev.pitstop.lines.Times;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Shows what schedules mean before anything is stored by them. Immutable. */
final class Schedules {
  private static final int SHOWN_NEXT = 10;

  private final Node node;

  Schedules(Node node) {
    this.node = node;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/schedules:next",
            Right.ANY,
            Set.of("at", "delay", "every", "from", "until", "cron", "zone", "missed"),
            this::next));
  }

  private CompletableFuture<Answer> next(Call call) {
    Schedule schedule = new ScheduleFields("delay", call.query().keySet(), call::query).schedule();
    Instant now = node.now();
    List<Instant> next =
        schedule.recurring()
            ? schedule.next(SHOWN_NEXT, now)
            : schedule.first(now).map(due -> due.isBefore(now) ? now : due).stream().toList();
    JsonLine json =
        new JsonLine()
            .text("schedule", schedule.toString())
            .text("words", ScheduleWords.of(schedule))
            .flag("recurring", schedule.recurring())
            .array("next", next.stream().map(due -> JsonLine.string(Times.iso(due))).toList())
            .time("asOf", now);
    return CompletableFuture.completedFuture(Answer.json(200, json.bytes()));
  }
}
