package dev.pitstop.server.api;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ScheduleWords;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.lines.Times;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Lists messages that recur, with how often each fires within given windows. Immutable.
 *
 * <p>Stores have no index of them: of each queue those that are due first are looked at, up to a
 * number, and the answer says when there were more.
 */
final class Recurring {
  private static final int LOOKED_AT = 2_000;
  private static final int PAGE = 50;
  private static final int MOST = 500;
  private static final int MOST_EDGES = 200;

  private final Node node;

  Recurring(Node node) {
    this.node = node;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/recurring", Right.ANY, Set.of("queue", "edges"), this::list));
  }

  private CompletableFuture<Answer> list(Call call) {
    List<Instant> edges = edges(call.query("edges").orElse(""));
    Optional<String> only = call.query("queue");
    only.ifPresent(queue -> call.require(Right.VIEW, queue));
    return node.allStats()
        .thenApplyAsync(
            all -> {
              Found found = new Found(edges);
              all.stream()
                  .map(QueueStats::queue)
                  .filter(name -> only.map(name::equals).orElse(!Reserved.is(name)))
                  .filter(name -> call.caller().may(Right.VIEW, name))
                  .forEach(name -> found.lookThrough(node.pitstop().queue(name)));
              return found.answer(node.now());
            },
            node.blocking());
  }

  /** Instants with commas between them, in ascending order. */
  private static List<Instant> edges(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    String[] texts = text.split(",", -1);
    if (texts.length > MOST_EDGES) {
      throw new InvalidFieldException("edges", "must be at most " + MOST_EDGES, texts.length);
    }
    List<Instant> edges = new ArrayList<>();
    for (String edge : texts) {
      Instant next = Times.parse("edges", edge);
      if (!edges.isEmpty() && !next.isAfter(edges.get(edges.size() - 1))) {
        throw new InvalidFieldException("edges", "must be in ascending order", edge);
      }
      edges.add(next);
    }
    return edges;
  }

  /** What was found in one look. For one thread. */
  private static final class Found {
    private final List<Instant> edges;
    private final List<byte[]> items = new ArrayList<>();
    private boolean partial;

    Found(List<Instant> edges) {
      this.edges = edges;
    }

    void lookThrough(MessageQueue<byte[]> queue) {
      Optional<String> cursor = Optional.empty();
      for (int seen = 0; seen < LOOKED_AT; seen += PAGE) {
        Page<StoredMessage> page = queue.list(Filter.ALL, cursor, PAGE).join();
        for (StoredMessage message : page.items()) {
          if (message.state() == State.BURIED) {
            return;
          }
          if (message.scheduleText().isPresent()) {
            if (items.size() == MOST) {
              partial = true;
              return;
            }
            items.add(json(queue.name(), message));
          }
        }
        cursor = page.next();
        if (cursor.isEmpty()) {
          return;
        }
      }
      partial = true;
    }

    private byte[] json(String queue, StoredMessage message) {
      JsonLine json = StoredMessages.summary(queue, message);
      try {
        Schedule schedule = message.schedule().orElseThrow();
        json.text("words", ScheduleWords.of(schedule));
        if (edges.size() > 1) {
          json.array("firings", firings(schedule, message.scheduledFor()));
        }
      } catch (PitstopException e) {
        json.text("words", "a schedule that this version cannot read");
      }
      return json.bytes();
    }

    /** How often it fires within each window, from the occurrence on that it stands at. */
    private List<byte[]> firings(Schedule schedule, Instant occurrence) {
      List<byte[]> counts = new ArrayList<>();
      for (int i = 1; i < edges.size(); i++) {
        Instant from = edges.get(i - 1).isBefore(occurrence) ? occurrence : edges.get(i - 1);
        Instant last = edges.get(i).minusMillis(1);
        long count =
            schedule
                .next(from.minusMillis(1))
                .filter(first -> !first.isAfter(last))
                .map(first -> schedule.newest(first, last).skipped() + 1)
                .orElse(0L);
        counts.add(String.valueOf(count).getBytes(StandardCharsets.UTF_8));
      }
      return counts;
    }

    Answer answer(Instant now) {
      return Answer.json(
          200,
          new JsonLine()
              .array("items", items)
              .flag("partial", partial)
              .number("lookedAt", LOOKED_AT)
              .time("asOf", now)
              .bytes());
    }
  }
}
