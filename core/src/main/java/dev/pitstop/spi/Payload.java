package dev.pitstop.spi;

import java.util.Map;
import java.util.Objects;

/**
 * What a message carries; a store gives it back byte for byte.
 *
 * @param body not to be changed by anyone
 * @param contentType the body's media type
 * @param headers in the order they were given; unmodifiable
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying each body would cost
public record Payload(byte[] body, String contentType, Map<String, String> headers) {
  /** Refuses nulls. */
  public Payload {
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(headers, "headers");
  }
}
