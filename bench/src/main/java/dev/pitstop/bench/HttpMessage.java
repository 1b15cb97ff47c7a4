package dev.pitstop.bench;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request or an answer that has arrived whole. Immutable. */
final class HttpMessage {
  private final String head;
  private final String body;

  /** Both as they arrived, a character for each byte. */
  HttpMessage(String head, String body) {
    this.head = head;
    this.body = body;
  }

  /** The status of an answer. */
  int status() {
    int space = head.indexOf(' ');
    return Integer.parseInt(head, space + 1, space + 4, 10);
  }

  /** The same, if it says that all is well. */
  HttpMessage orThrow() {
    int status = status();
    if (status < 200 || status > 299) {
      throw new IllegalStateException("answered " + status + ": " + body);
    }
    return this;
  }

  /** The value of a header that must be there. */
  String required(String name) {
    return Objects.requireNonNull(header(head, name), name);
  }

  String body() {
    return body;
  }

  /** The value of a header in the head of a message; null when it is not there. */
  static @Nullable String header(String head, String name) {
    for (int at = head.indexOf("\r\n"); at >= 0; at = head.indexOf("\r\n", at + 2)) {
      int colon = at + 2 + name.length();
      if (colon < head.length()
          && head.charAt(colon) == ':'
          && head.regionMatches(true, at + 2, name, 0, name.length())) {
        int end = head.indexOf("\r\n", colon);
        return head.substring(colon + 1, end < 0 ? head.length() : end).trim();
      }
    }
    return null;
  }

  /** The bytes of a request with a body. */
  static byte[] post(String path, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(path, headers, bytes.length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  /** The bytes of a request without one. */
  static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
