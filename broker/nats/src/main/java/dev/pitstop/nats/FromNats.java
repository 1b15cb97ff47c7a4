package dev.pitstop.nats;

import dev.pitstop.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages as NATS hands them out. */
final class FromNats {
  private FromNats() {}

  /**
   * The message: its headers, and where it came by as headers whose names begin with {@code nats-}.
   * Its id says the stream, the number there and the time at which it was stored, since the numbers
   * begin anew in a stream that is made anew.
   */
  static Message<byte[]> message(io.nats.client.Message from) {
    NatsJetStreamMetaData about = from.metaData();
    Map<String, String> headers = texts(from.getHeaders());
    Optional<String> contentType = Optional.empty();
    for (String name : headers.keySet()) {
      if (name.equalsIgnoreCase(ToNats.CONTENT_TYPE)) {
        contentType = Optional.of(headers.get(name));
      }
    }
    headers.keySet().removeIf(name -> name.equalsIgnoreCase(ToNats.CONTENT_TYPE));
    headers.put(ToNats.RESERVED + "subject", from.getSubject());
    headers.put(ToNats.RESERVED + "stream", about.getStream());
    headers.put(ToNats.RESERVED + "sequence", Long.toString(about.streamSequence()));
    String id =
        about.getStream() + "/" + about.streamSequence() + "/" + about.timestamp().toInstant();
    return new Message<>(from.getData(), Optional.of(id), headers, contentType);
  }

  /** A header that is there several times is one, with commas between its values. */
  private static Map<String, String> texts(@Nullable Headers headers) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (headers != null) {
      headers.forEach(
          (name, values) ->
              texts.put(
                  name,
                  values.stream().map(EncodedWord::decode).collect(Collectors.joining(", "))));
    }
    return texts;
  }
}
