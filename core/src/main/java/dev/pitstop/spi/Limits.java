package dev.pitstop.spi;

import dev.pitstop.InvalidFieldException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is refused before anything is written, with {@link InvalidFieldException}: no store looks at
 * it again. The engine checks what users store, and who takes entries from elsewhere checks them by
 * the same. Static and thread-safe.
 */
public final class Limits {
  private static final int MAX_ID = 512;
  private static final int MAX_HEADERS = 16 * 1024;
  private static final int MAX_CONTENT_TYPE = 255;
  private static final int MAX_ERROR = 4 * 1024;
  private static final int MAX_EDGES = 1_001;
  private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private Limits() {}

  /** A queue's name: 1 to 128 of {@code A-Z a-z 0-9 . _ -}. */
  public static String queue(String name) {
    if (!QUEUE.matcher(name).matches()) {
      throw new InvalidFieldException("queue", "must be 1 to 128 of A-Z a-z 0-9 . _ -", name);
    }
    return name;
  }

  /** A message's id: 1 to 512 UTF-8 bytes without control characters. */
  public static String id(String id) {
    if (id.isEmpty()) {
      throw new InvalidFieldException("id", "must not be empty", "\"\"");
    }
    text("id", id, MAX_ID, "must be at most 512 UTF-8 bytes");
    return id;
  }

  /** A number within bounds. */
  public static int from(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidFieldException(field, "must be from " + least + " to " + most, value);
    }
    return value;
  }

  /** The edges of windows: 2 to 1,001, each later than the one before. */
  public static List<Instant> edges(List<Instant> edges) {
    if (edges.size() < 2 || edges.size() > MAX_EDGES) {
      throw new InvalidFieldException("edges", "must be 2 to " + MAX_EDGES, edges.size());
    }
    for (int i = 1; i < edges.size(); i++) {
      if (!edges.get(i - 1).isBefore(edges.get(i))) {
        throw new InvalidFieldException("edges", "must each be later than before", edges.get(i));
      }
    }
    return List.copyOf(edges);
  }

  /**
   * Checks what a message says about its body: 16 KiB of headers, 255 bytes of media type at most.
   */
  public static void envelope(Map<String, String> headers, String contentType) {
    text("contentType", contentType, MAX_CONTENT_TYPE, "must be at most 255 UTF-8 bytes");
    int size = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      size += utf8("header name", header.getKey());
      size += utf8("header " + header.getKey(), header.getValue());
    }
    if (size > MAX_HEADERS) {
      throw new InvalidFieldException(
          "headers", "must be at most 16384 UTF-8 bytes in all", size + " bytes");
    }
  }

  /** A body of at most so many bytes. */
  public static byte[] body(byte[] body, int max) {
    if (body.length > max) {
      throw new InvalidFieldException(
          "body", "must be at most " + max + " bytes (maxBody)", body.length + " bytes");
    }
    return body;
  }

  /** What a failure says, or what it is; a failure of the user's may itself fail to say. */
  public static String message(Throwable failure) {
    try {
      String message = failure.getMessage();
      return message == null ? failure.getClass().getName() : message;
    } catch (RuntimeException | StackOverflowError e) {
      return failure.getClass().getName();
    }
  }

  /** An error cut to what is kept of one, 4 KiB of UTF-8. */
  public static String error(String error) {
    if (error.length() * 3L <= MAX_ERROR) {
      return wellFormed(error);
    }
    StringBuilder kept = new StringBuilder();
    int size = 0;
    for (int i = 0; i < error.length(); ) {
      int c = error.codePointAt(i);
      size += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (size > MAX_ERROR) {
        break;
      }
      kept.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return wellFormed(kept.toString());
  }

  private static void text(String field, String value, int max, String limit) {
    if (value.codePoints().anyMatch(Character::isISOControl)) {
      throw new InvalidFieldException(field, "must have no control characters", value);
    }
    int size = utf8(field, value);
    if (size > max) {
      throw new InvalidFieldException(field, limit, value + " (" + size + " bytes)");
    }
  }

  /**
   * How many bytes a text has in UTF-8; refuses half a surrogate pair, which UTF-8 cannot carry.
   */
  private static int utf8(String field, String value) {
    int size = 0;
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new InvalidFieldException(field, "must have no half of a surrogate pair", value);
      }
      size += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      i += Character.charCount(c);
    }
    return size;
  }

  /** A text with a question mark for each half of a surrogate pair; errors come from anywhere. */
  private static String wellFormed(String text) {
    boolean well = text.codePoints().noneMatch(Limits::isSurrogate);
    if (well) {
      return text;
    }
    StringBuilder mended = new StringBuilder();
    text.codePoints().forEach(c -> mended.appendCodePoint(isSurrogate(c) ? '?' : c));
    return mended.toString();
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
