package dev.pitstop.server.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
public final class Router {
  private final List<Route> routes;

  /**
   * A router of routes; those with a verb are looked at first, those with less that varies next.
   */
  public Router(List<Route> routes) {
    this.routes =
        routes.stream()
            .sorted(
                Comparator.comparing((Route route) -> route.verb().isEmpty())
                    .thenComparing(route -> route.template().chars().filter(c -> c == '{').count()))
            .toList();
  }

  /** All routes. */
  public List<Route> routes() {
    return routes;
  }

  /**
   * The route of a request, with what varies in its path.
   *
   * @param path as it was sent
   * @throws Problem when there is none
   */
  Found find(String method, String path) {
    Path parsed = Path.parse(path);
    TreeSet<String> others = new TreeSet<>();
    for (Route route : routes) {
      boolean sameMethod =
          route.method().equals(method) || (method.equals("HEAD") && route.method().equals("GET"));
      Optional<Map<String, String>> names = route.match(parsed);
      if (names.isPresent() && sameMethod) {
        return new Found(route, names.get());
      }
      names.ifPresent(there -> others.add(route.method()));
    }
    if (others.isEmpty()) {
      throw Problem.of(Problem.Kind.NOT_FOUND, "there is no such path").with("value", path);
    }
    String allowed = String.join(", ", others);
    throw Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "this path takes " + allowed)
        .with("value", method)
        .header("Allow", allowed);
  }

  /** A route and what varies in a path of it. */
  record Found(Route route, Map<String, String> names) {}
}
