package dev.pitstop.server.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the route of a request. Immutable. */
public final class Router {
  private final List<Known> routes;

  /** A route, and its template that is made once. */
  private record Known(Route route, Template template) {}

  /**
   * A router of routes; those with a verb are looked at first, those with less that varies next.
   */
  public Router(List<Route> routes) {
    this.routes =
        routes.stream()
            .map(route -> new Known(route, new Template(route.template())))
            .sorted(
                Comparator.comparing((Known known) -> !known.template().hasVerb())
                    .thenComparing(known -> known.template().varying()))
            .toList();
  }

  /** All routes. */
  public List<Route> routes() {
    return routes.stream().map(Known::route).toList();
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
    for (Known known : routes) {
      Optional<Map<String, String>> names = known.template().match(parsed);
      if (names.isPresent()) {
        if (takes(known.route(), method)) {
          return new Found(known.route(), names.get());
        }
        others.add(known.route().method());
      }
    }
    if (others.isEmpty()) {
      throw Problem.of(Problem.Kind.NOT_FOUND, "there is no such path").with("value", path);
    }
    String allowed = String.join(", ", others);
    throw Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "this path takes " + allowed)
        .with("value", method)
        .header("Allow", allowed);
  }

  private static boolean takes(Route route, String method) {
    return route.method().equals(method) || (method.equals("HEAD") && route.method().equals("GET"));
  }

  /** A route and what varies in a path of it. */
  record Found(Route route, Map<String, String> names) {}
}
