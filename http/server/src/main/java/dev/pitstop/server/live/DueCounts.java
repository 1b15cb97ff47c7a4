package dev.pitstop.server.live;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.server.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How many messages fall due when, counted step by step: who asks gets what is counted within its
 * time, and who asks again soon gets the rest. Thread-safe.
 */
final class DueCounts {
  /** No window is counted further; one that shows so many holds at least that. */
  static final int MOST = 1_001;

  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  /** Later than any window can end. */
  private static final Instant END = Schedule.LAST.plusMillis(2);

  private static final int WINDOWS_A_STEP = 16;
  private static final int MOST_KEPT = 64;
  private static final int MOST_RUNNING = 8;
  private static final Duration KEPT = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private record Key(List<String> queues, Instant next, Instant last, long stepSeconds) {}

  private final Pitstop pitstop;
  private final Map<Key, Counting> kept = // guarded by this
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Counting> eldest) {
          return size() > MOST_KEPT;
        }
      };

  DueCounts(Pitstop pitstop) {
    this.pitstop = pitstop;
  }

  /**
   * Counts: what is overdue, what falls due within each window, and what later.
   *
   * @param next where the window ends that has begun
   * @param last where the last window ends
   * @param step how long all windows but the first are
   * @return completes with what is counted within a budget
   */
  CompletableFuture<Counted> count(
      List<String> queues,
      Instant now,
      Instant next,
      Instant last,
      Duration step,
      Duration budget) {
    Counting counting;
    synchronized (this) {
      Key key = new Key(List.copyOf(queues), next, last, step.toSeconds());
      Counting known = kept.get(key);
      if (known == null || known.isOlderThan(KEPT)) {
        kept.values().removeIf(old -> old.isOlderThan(KEPT));
        if (kept.values().stream().filter(old -> !old.finished.isDone()).count() >= MOST_RUNNING) {
          throw Problem.of(Problem.Kind.RATE_LIMITED, "too many timelines are counted at once")
              .with("limit", String.valueOf(MOST_RUNNING))
              .header("Retry-After", "1");
        }
        known = new Counting(queues, now, next, last, step);
        kept.put(key, known);
        known.goOn(0);
      }
      counting = known;
    }
    return counting
        .finished
        .copy()
        .completeOnTimeout(null, budget.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(done -> counting.counted());
  }

  /**
   * What is counted.
   *
   * @param now when counting began
   * @param windows how many fall due in each window that is counted; the first is what is overdue,
   *     the last, when all are counted, what comes later
   * @param whole whether all are counted
   */
  record Counted(Instant now, List<Long> windows, boolean whole) {}

  /** One counting, that others may join. */
  private final class Counting {
    private final long begun = System.nanoTime();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final List<MessageQueue<byte[]>> queues;
    private final Instant now;
    private final List<Instant> edges = new ArrayList<>();
    private final List<Long> windows = new ArrayList<>(); // guarded by itself

    Counting(List<String> names, Instant now, Instant next, Instant last, Duration step) {
      this.queues = names.stream().map(pitstop::queue).toList();
      this.now = now;
      edges.add(EARLIEST);
      edges.add(now);
      for (Instant edge = next; !edge.isAfter(last); edge = edge.plus(step)) {
        edges.add(edge);
      }
      edges.add(END);
    }

    boolean isOlderThan(Duration age) {
      return System.nanoTime() - begun > age.toNanos();
    }

    Counted counted() {
      synchronized (windows) {
        return new Counted(now, List.copyOf(windows), windows.size() == edges.size() - 1);
      }
    }

    /** Counts a few windows from one on, in all queues, and then the next few. */
    void goOn(int first) {
      int end = Math.min(first + WINDOWS_A_STEP, edges.size() - 1);
      if (first == end || isOlderThan(LONGEST)) {
        finished.complete(null);
        return;
      }
      List<Instant> some = edges.subList(first, end + 1);
      List<CompletableFuture<List<Long>>> answers =
          queues.stream().map(queue -> queue.countDue(some, MOST)).toList();
      CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .whenComplete(
              (all, failure) -> {
                if (failure != null) {
                  finished.completeExceptionally(failure);
                  return;
                }
                synchronized (windows) {
                  for (int i = 0; i < end - first; i++) {
                    int window = i;
                    windows.add(
                        answers.stream().mapToLong(answer -> answer.join().get(window)).sum());
                  }
                }
                goOn(end);
              });
    }
  }
}
