package dev.pitstop.server.openapi;

import dev.pitstop.lines.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes what YAML was read to as JSON: maps, lists, texts, numbers, true and false. */
final class JsonTree {
  private JsonTree() {}

  /**
   * The JSON of a value.
   *
   * @throws IllegalArgumentException when JSON has no such value
   */
  static byte[] bytes(Object value) {
    if (value instanceof Map<?, ?> map) {
      JsonLine json = new JsonLine();
      map.forEach((name, item) -> json.value(String.valueOf(name), bytes(item)));
      return json.bytes();
    }
    if (value instanceof List<?> list) {
      return JsonLine.list(list.stream().map(JsonTree::bytes).toList());
    }
    if (value instanceof String text) {
      return JsonLine.string(text);
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString().getBytes(StandardCharsets.US_ASCII);
    }
    throw new IllegalArgumentException("no JSON for " + value);
  }
}
