package dev.pitstop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A message to be stored: a body, and what its sender says about it. Immutable; each method returns
 * a changed copy.
 *
 * <p>Bounds are checked when the message is stored, by the queue that it is stored in.
 *
 * @param body what the queue's {@link Codec} turns into bytes
 * @param id at most 512 UTF-8 bytes without control characters; storing the same id again replaces
 *     the message. Empty: a random UUID (version 4) is given when it is stored
 * @param headers names and values as the listener sees them, at most 16 KiB of UTF-8 in all
 * @param contentType the media type of the body; empty: what the codec says
 */
public record Message<T>(
    T body, Optional<String> id, Map<String, String> headers, Optional<String> contentType) {

  /** Refuses nulls and copies the headers, keeping their order. */
  public Message {
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(id, "id");
    headers = headers.isEmpty() ? Map.of() : Headers.copyOf(headers);
    Objects.requireNonNull(contentType, "contentType");
  }

  /** A message with a body and nothing else. */
  public static <T> Message<T> of(T body) {
    return new Message<>(body, Optional.empty(), Map.of(), Optional.empty());
  }

  /** This message with an id. */
  public Message<T> id(String id) {
    return new Message<>(body, Optional.of(id), headers, contentType);
  }

  /** This message with one more header; a header of that name is replaced. */
  public Message<T> header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Message<>(body, id, more, contentType);
  }

  /** This message with these headers in place of its own. */
  public Message<T> headers(Map<String, String> headers) {
    return new Message<>(body, id, headers, contentType);
  }

  /** This message with a media type other than its codec's. */
  public Message<T> contentType(String contentType) {
    return new Message<>(body, id, headers, Optional.of(contentType));
  }
}
