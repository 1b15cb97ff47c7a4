package dev.pitstop.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests an endpoint answers. Immutable.
 *
 * @param method of HTTP, in capitals
 * @param template the path, with names in braces for what varies, and behind a colon the verb if
 *     there is one: <code>/v1/queues/{queue}:pause</code>
 * @param right what the caller needs to be allowed
 * @param parameters the names of all query parameters that it takes
 * @param endpoint answers it
 */
public record Route(
    String method, String template, Right right, Set<String> parameters, Endpoint endpoint) {

  /** Copies the names. */
  public Route {
    parameters = Set.copyOf(parameters);
  }

  /** The verb; empty for none. */
  String verb() {
    int colon = template.lastIndexOf(':');
    return colon < 0 ? "" : template.substring(colon + 1);
  }

  /**
   * What varies in a path of this route, decoded; empty when it is not of this route.
   *
   * @throws Problem when what varies is not well formed
   */
  Optional<Map<String, String>> match(Path path) {
    List<String> parts = List.of(withoutVerb().substring(1).split("/", -1));
    if (parts.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      String raw = path.raw(i);
      if (i == parts.size() - 1 && !verb().isEmpty()) {
        if (!raw.endsWith(":" + verb())) {
          return Optional.empty();
        }
        raw = raw.substring(0, raw.length() - verb().length() - 1);
      }
      if (part.startsWith("{")) {
        names.put(part.substring(1, part.length() - 1), raw);
      } else if (!part.equals(raw)) {
        return Optional.empty();
      }
    }
    names.replaceAll((name, raw) -> Objects.requireNonNull(Path.decode(raw)));
    return Optional.of(names);
  }

  private String withoutVerb() {
    return verb().isEmpty() ? template : template.substring(0, template.lastIndexOf(':'));
  }
}
