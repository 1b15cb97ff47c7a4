package dev.pitstop.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The path of a request as it was sent, percent-encoding included, in its segments. Immutable. */
final class Path {
  private final List<String> raw;

  private Path(List<String> raw) {
    this.raw = raw;
  }

  /** The segments between the slashes. */
  static Path parse(String path) {
    List<String> segments = new ArrayList<>();
    int start = 1;
    for (int slash = path.indexOf('/', start); slash >= 0; slash = path.indexOf('/', start)) {
      segments.add(path.substring(start, slash));
      start = slash + 1;
    }
    segments.add(path.substring(Math.min(start, path.length())));
    return new Path(segments);
  }

  int size() {
    return raw.size();
  }

  /** A segment as it was sent. */
  String raw(int index) {
    return raw.get(index);
  }

  /**
   * A text without its percent-encoding.
   *
   * @throws Problem when it is not well formed, or not UTF-8
   */
  static String decode(String raw) {
    if (raw.indexOf('%') < 0 && isAscii(raw)) {
      return raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        boolean whole = i + 2 < raw.length();
        int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw malformed(raw);
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(raw);
    }
  }

  private static Problem malformed(String raw) {
    return Problem.of(Problem.Kind.BAD_REQUEST, "the address must be percent-encoded UTF-8")
        .with("value", raw);
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
