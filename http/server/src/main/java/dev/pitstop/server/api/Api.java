package dev.pitstop.server.api;

import dev.pitstop.server.http.Route;
import java.util.ArrayList;
import java.util.List;

/** The routes under {@code /v1}. */
public final class Api {
  private Api() {}

  /** All of them, on a node. */
  public static List<Route> routes(Node node, Bounds bounds) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new Queues(node).routes());
    routes.addAll(new Messages(node, new Idempotency(bounds.keys())).routes());
    routes.addAll(new Listing(node).routes());
    routes.addAll(new Batch(node, bounds).routes());
    routes.addAll(new Leases(node).routes());
    routes.addAll(new Callers(node).routes());
    routes.addAll(new Copies(node, bounds.batchBytes()).routes());
    routes.addAll(new Recurring(node).routes());
    routes.addAll(new Schedules(node).routes());
    return routes;
  }
}
