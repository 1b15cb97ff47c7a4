package dev.pitstop.server.live;

import dev.pitstop.QueueStats;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.EventStream;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.http.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of what changes in queues, second by second. One look at the store serves all streams; no
 * stream, no look. Thread-safe.
 */
final class Events {
  private static final Logger log = LoggerFactory.getLogger(Events.class);
  private static final int MOST = 64;
  private static final long COMMENT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final Node node;
  private final Sampler sampler;
  private final QueueViews views;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledFuture<?> ticks; // guarded by this

  Events(Node node, Sampler sampler, QueueViews views) {
    this.node = node;
    this.sampler = sampler;
    this.views = views;
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/v1/events", Right.ANY, Set.of(), this::open));
  }

  private CompletableFuture<Answer> open(Call call) {
    Access.Caller caller = call.caller();
    node.drain().refuse();
    if (watchers.size() >= MOST) {
      throw Problem.of(Problem.Kind.RATE_LIMITED, "this server has no more streams of events")
          .with("limit", String.valueOf(MOST))
          .header("Retry-After", "10");
    }
    return CompletableFuture.completedFuture(
        EventStream.answer(stream -> enter(new Watcher(caller, stream))));
  }

  private void enter(Watcher watcher) {
    synchronized (this) {
      watchers.add(watcher);
      if (ticks == null) {
        ticks = node.timer().scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
      }
    }
    Runnable drained = watcher.stream::close;
    watcher.stream.onEnd(
        () -> {
          node.drain().forget(drained);
          leave(watcher);
        });
    node.drain().tell(drained);
    look(Set.of(watcher));
  }

  private synchronized void leave(Watcher watcher) {
    watchers.remove(watcher);
    if (watchers.isEmpty() && ticks != null) {
      ticks.cancel(false);
      ticks = null;
    }
  }

  private void tick() {
    look(watchers);
  }

  /** Tells some watchers what there is now. */
  private void look(Set<Watcher> some) {
    sampler
        .latest()
        .handleAsync(
            (sample, failure) -> {
              if (failure == null) {
                Seen seen = seen(sample);
                some.forEach(watcher -> watcher.tell(seen));
              } else {
                some.forEach(Watcher::tellAway);
              }
              return true;
            },
            node.blocking())
        .exceptionally(
            failure -> {
              log.warn("events could not be told", failure);
              return false;
            });
  }

  private Seen seen(Sampler.Sample sample) {
    Map<String, byte[]> items = new LinkedHashMap<>();
    for (QueueStats stats : sample.queues()) {
      items.put(stats.queue(), views.json(stats, sample.asOf()));
    }
    return new Seen(items, sample.asOf(), sample.takenNanos());
  }

  /** Tells an event to all who may look at a queue. */
  void tell(String queue, String name, byte[] json) {
    byte[] event = EventStream.event(name, json);
    for (Watcher watcher : watchers) {
      if (QueueViews.shown(watcher.caller, queue)) {
        watcher.stream.write(event);
      }
    }
  }

  /** What queues look like, each as JSON, at one look. */
  private record Seen(Map<String, byte[]> items, Instant asOf, long takenNanos) {}

  /** Who looks at a stream, and what it was told last. */
  private static final class Watcher {
    private final Access.Caller caller;
    private final Stream stream;
    private @Nullable Seen last; // guarded by this
    private boolean away; // guarded by this
    private long toldNanos = System.nanoTime(); // guarded by this

    Watcher(Access.Caller caller, Stream stream) {
      this.caller = caller;
      this.stream = stream;
    }

    synchronized void tell(Seen seen) {
      Seen before = last;
      away = false;
      if (before == null) {
        last = seen;
        write("snapshot", items(seen, Map.of()), List.of(), seen);
        return;
      }
      if (seen.takenNanos - before.takenNanos <= 0) {
        return;
      }
      last = seen;
      List<byte[]> changed = items(seen, before.items);
      List<byte[]> gone =
          before.items.keySet().stream()
              .filter(queue -> !seen.items.containsKey(queue))
              .filter(queue -> QueueViews.shown(caller, queue))
              .map(JsonLine::string)
              .toList();
      if (!changed.isEmpty() || !gone.isEmpty()) {
        write("stats", changed, gone, seen);
      } else {
        keep();
      }
    }

    /** The store does not answer; what is told next is everything. */
    synchronized void tellAway() {
      last = null;
      if (!away) {
        away = true;
        toldNanos = System.nanoTime();
        stream.write(EventStream.event("away", new JsonLine().text("failing", "store").bytes()));
      } else {
        keep();
      }
    }

    private List<byte[]> items(Seen seen, Map<String, byte[]> before) {
      List<byte[]> items = new ArrayList<>();
      seen.items.forEach(
          (queue, json) -> {
            if (!Arrays.equals(json, before.get(queue)) && QueueViews.shown(caller, queue)) {
              items.add(json);
            }
          });
      return items;
    }

    private void write(String name, List<byte[]> items, List<byte[]> gone, Seen seen) {
      JsonLine json = new JsonLine().array("items", items);
      if (!gone.isEmpty()) {
        json.array("gone", gone);
      }
      toldNanos = System.nanoTime();
      stream.write(EventStream.event(name, json.time("asOf", seen.asOf).bytes()));
    }

    private void keep() {
      long now = System.nanoTime();
      if (now - toldNanos >= COMMENT_NANOS) {
        toldNanos = now;
        EventStream.comment(stream);
      }
    }
  }
}
