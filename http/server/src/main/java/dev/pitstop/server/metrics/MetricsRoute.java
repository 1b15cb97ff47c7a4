package dev.pitstop.server.metrics;

import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with the figures of this server. Immutable. */
public final class MetricsRoute {
  private static final Logger log = LoggerFactory.getLogger(MetricsRoute.class);
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Node node;
  private final Meters meters;
  private final Supplier<CompletableFuture<List<QueueStats>>> stats;

  /**
   * A route.
   *
   * @param stats what queues hold, not older than a second
   */
  public MetricsRoute(
      Node node, Meters meters, Supplier<CompletableFuture<List<QueueStats>>> stats) {
    this.node = node;
    this.meters = meters;
    this.stats = stats;
  }

  /** It alone. */
  public List<Route> routes() {
    return List.of(new Route("GET", "/metrics", Right.VIEW, Set.of(), this::scrape));
  }

  private CompletableFuture<Answer> scrape(Call call) {
    call.require(Right.VIEW, "*");
    return stats
        .get()
        .handleAsync(
            (found, failure) -> {
              if (failure != null) {
                log.debug("figures are given without what queues hold", failure);
                return meters.scrape();
              }
              return now(found);
            },
            node.blocking())
        .thenApply(text -> Answer.text(200, TEXT, text));
  }

  private String now(List<QueueStats> found) {
    try {
      return meters.scrape(found, node.now());
    } catch (PitstopException e) {
      log.debug("figures are given without what queues hold", e);
      return meters.scrape();
    }
  }
}
