package dev.pitstop.server.metrics;

import dev.pitstop.Listener;
import dev.pitstop.PitstopException;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether this process lives, and whether it can work: whether its store answers and no
 * listener stands still. Everybody may ask; so what is said of trouble is its name alone, the log
 * has the rest. Thread-safe.
 */
public final class Health {
  private static final Logger log = LoggerFactory.getLogger(Health.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Node node;
  private CompletableFuture<Boolean> look = CompletableFuture.completedFuture(true); // by this
  private long lookedNanos; // guarded by this
  private boolean looked; // guarded by this
  private volatile String before = "";

  /** That of a node. */
  public Health(Node node) {
    this.node = node;
  }

  /** What asks for it. */
  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/health/live",
            Right.NONE,
            Set.of(),
            call -> CompletableFuture.completedFuture(answer(List.of()))),
        new Route("GET", "/health/ready", Right.NONE, Set.of(), call -> ready()));
  }

  private CompletableFuture<Answer> ready() {
    return storeAnswers()
        .thenApply(
            answers -> {
              List<String> failing = new ArrayList<>();
              if (node.drain().hasBegun()) {
                failing.add("draining");
              }
              if (!answers) {
                failing.add("store");
              }
              node.pitstop().listeners().stream()
                  .filter(listener -> !listener.health().healthy())
                  .map(Listener::queue)
                  .distinct()
                  .sorted()
                  .forEach(queue -> failing.add("listener of queue " + queue));
              tell(failing);
              return answer(failing);
            });
  }

  private static Answer answer(List<String> failing) {
    JsonLine json = new JsonLine().text("status", failing.isEmpty() ? "up" : "down");
    if (!failing.isEmpty()) {
      json.array("failing", failing.stream().map(JsonLine::string).toList());
    }
    return Answer.json(failing.isEmpty() ? 200 : 503, json.bytes())
        .header("Cache-Control", "no-store");
  }

  /** One line in the log when it changes. */
  private void tell(List<String> failing) {
    String now = String.join(", ", failing);
    if (!now.equals(before)) {
      before = now;
      if (failing.isEmpty()) {
        log.info("ready again");
      } else {
        log.warn("not ready: {}", now);
      }
    }
  }

  /**
   * Whether the store answers in time to a question that costs it little. One look serves all who
   * ask within a second, and one that gets no answer is waited for by those who come later.
   */
  private CompletableFuture<Boolean> storeAnswers() {
    CompletableFuture<Boolean> current;
    synchronized (this) {
      boolean fresh = looked && System.nanoTime() - lookedNanos < KEPT.toNanos();
      if (look.isDone() && !fresh) {
        lookedNanos = System.nanoTime();
        looked = true;
        look = CompletableFuture.supplyAsync(this::look, node.blocking());
      }
      current = look;
    }
    return current.copy().completeOnTimeout(false, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean look() {
    try {
      node.store().untilNextDue(Reserved.PREFIX + "health");
      return true;
    } catch (PitstopException e) {
      log.debug("the store does not answer", e);
      return false;
    }
  }
}
