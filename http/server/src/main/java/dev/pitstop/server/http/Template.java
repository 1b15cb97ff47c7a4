package dev.pitstop.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Which paths are those of a route: segments that are fixed or vary, and a verb. Immutable. */
final class Template {
  private final List<Segment> segments = new ArrayList<>();
  private final String verb;

  /** A text that is there as it is, or a name for what is there. */
  private record Segment(String text, boolean varies) {
    static Segment of(String part) {
      return part.startsWith("{")
          ? new Segment(part.substring(1, part.length() - 1), true)
          : new Segment(part, false);
    }
  }

  /** One that is written as {@link Route} tells. */
  Template(String text) {
    int colon = text.lastIndexOf(':');
    verb = colon < 0 ? "" : text.substring(colon);
    String path = colon < 0 ? text : text.substring(0, colon);
    for (String part : path.substring(1).split("/", -1)) {
      segments.add(Segment.of(part));
    }
  }

  boolean hasVerb() {
    return !verb.isEmpty();
  }

  /** How many segments vary. */
  long varying() {
    return segments.stream().filter(Segment::varies).count();
  }

  /**
   * What varies in a path, decoded; empty when it is another path.
   *
   * @throws Problem when what varies is not well formed
   */
  Optional<Map<String, String>> match(Path path) {
    if (!fits(path)) {
      return Optional.empty();
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.varies()) {
        names.put(segment.text(), raw(path, i));
      }
    }
    names.replaceAll((name, raw) -> Objects.requireNonNull(Path.decode(raw)));
    return Optional.of(names);
  }

  private boolean fits(Path path) {
    int last = segments.size() - 1;
    if (path.size() != segments.size() || !path.raw(last).endsWith(verb)) {
      return false;
    }
    for (int i = 0; i <= last; i++) {
      Segment segment = segments.get(i);
      if (!segment.varies() && !segment.text().equals(raw(path, i))) {
        return false;
      }
    }
    return true;
  }

  /** A segment of a path as it was sent, without the verb. */
  private String raw(Path path, int index) {
    String raw = path.raw(index);
    return index == segments.size() - 1 ? raw.substring(0, raw.length() - verb.length()) : raw;
  }
}
