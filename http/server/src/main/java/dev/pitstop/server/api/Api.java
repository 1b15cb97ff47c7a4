package dev.pitstop.server.api;

import dev.pitstop.server.http.Route;
import java.util.ArrayList;
import java.util.List;

/** The routes under {@code /v1}. */
public final class Api {
  /** A batch of lines has at most so many bytes. */
  private static final long BATCH_BYTES = 32L << 20;

  private Api() {}

  /** All of them, on a node. */
  public static List<Route> routes(Node node) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new Queues(node).routes());
    routes.addAll(new Messages(node).routes());
    routes.addAll(new Batch(node, BATCH_BYTES).routes());
    routes.addAll(new Leases(node).routes());
    routes.addAll(new Callers(node).routes());
    routes.addAll(new Copies(node, BATCH_BYTES).routes());
    routes.addAll(new Recurring(node).routes());
    routes.addAll(new Schedules(node).routes());
    return routes;
  }
}
