package dev.pitstop;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Copies of headers that keep the order they were given in. */
final class Headers {
  private Headers() {}

  /** An unmodifiable copy in the same order; refuses null names and values. */
  static Map<String, String> copyOf(Map<String, String> headers) {
    Map<String, String> copy = new LinkedHashMap<>();
    headers.forEach(
        (name, value) ->
            copy.put(
                Objects.requireNonNull(name, "header name"),
                Objects.requireNonNull(value, "header value")));
    return Collections.unmodifiableMap(copy);
  }
}
