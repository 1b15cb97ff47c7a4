package dev.pitstop.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to a request. Immutable.
 *
 * @param status the HTTP status
 * @param headers besides those that every answer has
 * @param body its bytes, not to be changed; empty for none
 * @param stream gets the rest of the body to write, when it is not known at once; null otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying each body would cost
public record Answer(
    int status, Map<String, String> headers, byte[] body, @Nullable Consumer<Stream> stream) {
  private static final String CONTENT_TYPE = "Content-Type";

  /** Copies the headers. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** JSON. */
  public static Answer json(int status, byte[] json) {
    return of(status, "application/json", json);
  }

  /** Bytes of a media type. */
  public static Answer of(int status, String contentType, byte[] body) {
    return new Answer(status, Map.of(CONTENT_TYPE, contentType), body, null);
  }

  /**
   * A body that comes bit by bit, and may never end.
   *
   * @param stream gets it to write, once the headers were written
   */
  public static Answer stream(String contentType, Consumer<Stream> stream) {
    return new Answer(200, Map.of(CONTENT_TYPE, contentType), new byte[0], stream);
  }

  /** Text of a media type, in UTF-8. */
  public static Answer text(int status, String contentType, String text) {
    return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Nothing but a status. */
  public static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0], null);
  }

  /** The same with a header more. */
  public Answer header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, stream);
  }
}
