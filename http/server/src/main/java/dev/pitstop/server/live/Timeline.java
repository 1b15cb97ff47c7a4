package dev.pitstop.server.live;

import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Times;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * What happened in queues and what falls due in them, bucket by bucket. Buckets lie at whole
 * multiples of their length since 1970. Immutable.
 */
final class Timeline {
  private static final int MOST_BUCKETS = 180;
  private static final int MOST_QUEUES = 50;
  private static final Duration BUDGET = Duration.ofMillis(50);
  private static final Map<String, Duration> BUCKETS = buckets();

  private final Node node;
  private final Sampler sampler;
  private final History history;
  private final DueCounts counts;

  Timeline(Node node, Sampler sampler, History history) {
    this.node = node;
    this.sampler = sampler;
    this.history = history;
    this.counts = new DueCounts(node.pitstop());
  }

  private static Map<String, Duration> buckets() {
    Map<String, Duration> buckets = new LinkedHashMap<>();
    buckets.put("10s", Duration.ofSeconds(10));
    buckets.put("1m", Duration.ofMinutes(1));
    buckets.put("5m", Duration.ofMinutes(5));
    buckets.put("15m", Duration.ofMinutes(15));
    buckets.put("1h", Duration.ofHours(1));
    buckets.put("6h", Duration.ofHours(6));
    buckets.put("1d", Duration.ofDays(1));
    return buckets;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/timeline",
            Right.ANY,
            Set.of("queue", "from", "to", "bucket"),
            this::answer));
  }

  /** Buckets from one second to another, of a length. */
  private record Axis(long from, long to, long step) {
    int size() {
      return Math.toIntExact((to - from) / step);
    }

    int bucketOf(long second) {
      return second < from || second >= to ? -1 : Math.toIntExact((second - from) / step);
    }
  }

  private CompletableFuture<Answer> answer(Call call) {
    Instant now = node.now().truncatedTo(ChronoUnit.MILLIS);
    Axis axis = axis(call, now);
    Optional<String> queue = call.query("queue");
    if (queue.isPresent()) {
      List<String> one = List.of(node.queue(call, Right.VIEW).name());
      return answer(axis, now, one, queue.get()::equals, queue, false);
    }
    return sampler
        .latest()
        .thenCompose(
            sample -> {
              List<String> waiting =
                  sample.queues().stream()
                      .filter(stats -> QueueViews.shown(call.caller(), stats.queue()))
                      .filter(stats -> stats.scheduled() + stats.leased() > 0)
                      .sorted(Comparator.comparing(QueueStats::scheduled).reversed())
                      .map(QueueStats::queue)
                      .toList();
              boolean cut = waiting.size() > MOST_QUEUES;
              List<String> some = cut ? waiting.subList(0, MOST_QUEUES) : waiting;
              Predicate<String> shown =
                  name ->
                      name.equals(Block.OTHERS)
                          ? call.caller().may(Right.VIEW, "*")
                          : QueueViews.shown(call.caller(), name);
              return answer(axis, now, some, shown, queue, cut);
            });
  }

  private static Axis axis(Call call, Instant now) {
    String word = call.query("bucket").orElse("1m");
    Duration bucket = BUCKETS.get(word);
    if (bucket == null) {
      throw Problem.invalid(
          "bucket", "must be one of " + String.join(", ", BUCKETS.keySet()), word);
    }
    long step = bucket.toSeconds();
    Instant from =
        call.query("from")
            .map(text -> Times.parse("from", text))
            .orElse(now.minusSeconds(24 * step));
    Instant to =
        call.query("to").map(text -> Times.parse("to", text)).orElse(now.plusSeconds(36 * step));
    if (to.isAfter(Schedule.LAST)) {
      throw Problem.invalid("to", "must be at most " + Times.iso(Schedule.LAST), to);
    }
    if (!from.isBefore(to)) {
      throw Problem.invalid("to", "must be later than from", to);
    }
    long first = Math.floorDiv(from.getEpochSecond(), step) * step;
    long last = Math.floorDiv(to.getEpochSecond() + step - 1, step) * step;
    long many = (Math.max(last, first + step) - first) / step;
    if (many > MOST_BUCKETS) {
      throw Problem.invalid(
          "bucket", "must make at most " + MOST_BUCKETS + " buckets from from to to", many);
    }
    return new Axis(first, Math.max(last, first + step), step);
  }

  private CompletableFuture<Answer> answer(
      Axis axis,
      Instant now,
      List<String> queues,
      Predicate<String> shown,
      Optional<String> queue,
      boolean cut) {
    long second = now.getEpochSecond();
    long next = second < axis.from ? axis.from : (Math.floorDiv(second, axis.step) + 1) * axis.step;
    CompletableFuture<DueCounts.Counted> due =
        counts.count(
            queues,
            now,
            Instant.ofEpochSecond(next),
            Instant.ofEpochSecond(Math.max(axis.to, next)),
            Duration.ofSeconds(axis.step),
            BUDGET);
    Resolution resolution = Resolution.of(Duration.ofSeconds(axis.step));
    Instant since = now.minus(resolution.kept());
    Instant begin = since.getEpochSecond() > axis.from ? since : Instant.ofEpochSecond(axis.from);
    CompletableFuture<List<Block>> past =
        begin.isBefore(now) && second >= axis.from
            ? history.blocks(resolution, begin, now)
            : CompletableFuture.completedFuture(List.of());
    return due.thenCombine(
        past,
        (counted, blocks) -> {
          JsonLine json = new JsonLine();
          queue.ifPresent(name -> json.text("queue", name));
          json.time("from", Instant.ofEpochSecond(axis.from))
              .time("to", Instant.ofEpochSecond(axis.to))
              .text("bucket", Duration.ofSeconds(axis.step).toString())
              .time("now", counted.now())
              .time("since", since)
              .flag("partial", cut || !counted.whole());
          int all = counted.windows().size();
          if (all > 0) {
            json.value("overdue", count(counted.windows().get(0)));
          }
          if (counted.whole()) {
            json.value("later", count(counted.windows().get(all - 1)));
          }
          json.array("buckets", buckets(axis, counted, next, blocks, shown, second));
          return Answer.json(200, json.bytes());
        });
  }

  private static List<byte[]> buckets(
      Axis axis,
      DueCounts.Counted counted,
      long next,
      List<Block> blocks,
      Predicate<String> shown,
      long now) {
    long[][] past = new long[axis.size()][3];
    for (Block block : blocks) {
      block.sum(
          shown,
          (second, acked, failed, buried) -> {
            int at = axis.bucketOf(second);
            if (at >= 0) {
              past[at][0] += acked;
              past[at][1] += failed;
              past[at][2] += buried;
            }
          });
    }
    int windows = counted.windows().size() - (counted.whole() ? 1 : 0);
    List<byte[]> buckets = new ArrayList<>();
    for (int i = 0; i < axis.size(); i++) {
      long from = axis.from + i * axis.step;
      JsonLine json = new JsonLine().time("from", Instant.ofEpochSecond(from));
      if (from <= now) {
        json.number("acked", past[i][0]).number("failed", past[i][1]).number("buried", past[i][2]);
      }
      /* The first window is what is overdue, the second ends at next. */
      long window = (from + axis.step - next) / axis.step + 1;
      if (from + axis.step > now && window >= 1 && window < windows) {
        json.value("due", count(counted.windows().get(Math.toIntExact(window))));
      }
      buckets.add(json.bytes());
    }
    return buckets;
  }

  private static byte[] count(long value) {
    return new JsonLine()
        .number("value", value)
        .text("relation", value >= DueCounts.MOST ? "at-least" : "exact")
        .bytes();
  }
}
