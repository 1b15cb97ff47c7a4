package dev.pitstop.kafka;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.BrokerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Messages on their way to Kafka. */
final class ToKafka {
  static final String KEY = "kafka-key";
  static final String CONTENT_TYPE = "content-type";
  static final String MESSAGE_ID = "message-id";
  static final String BYTES = "data:;base64,";

  /** The key, which has a place of its own, and what was told of an arrival. */
  private static final Set<String> LEFT_OUT =
      Set.of(KEY, "kafka-topic", "kafka-partition", "kafka-offset", "kafka-timestamp");

  private ToKafka() {}

  /**
   * A record to be sent.
   *
   * @param destination a topic, percent-encoded
   * @param keyHeader the header that has the key
   * @throws InvalidFieldException when there can be none
   */
  static ProducerRecord<byte[], byte[]> record(
      String destination, Message<byte[]> message, String keyHeader) {
    List<String> names = BrokerAddress.names(destination);
    if (names.size() != 1 || names.get(0).isEmpty()) {
      throw new InvalidFieldException("destination", "must be a topic", destination);
    }
    Headers headers = new RecordHeaders();
    byte @Nullable [] key = null;
    boolean named = false;
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals(keyHeader.toLowerCase(Locale.ROOT))) {
        key = key(header.getValue());
      }
      if (!LEFT_OUT.contains(name) && !(name.equals(CONTENT_TYPE) && typed(message))) {
        headers.add(header.getKey(), bytes(header.getValue()));
        named |= name.equals(MESSAGE_ID);
      }
    }
    message.contentType().ifPresent(type -> headers.add(CONTENT_TYPE, bytes(type)));
    if (!named) {
      message.id().ifPresent(id -> headers.add(MESSAGE_ID, bytes(id)));
    }
    return new ProducerRecord<>(names.get(0), null, key, message.body(), headers);
  }

  private static boolean typed(Message<byte[]> message) {
    return message.contentType().isPresent();
  }

  /** A key that is no text is written as {@link FromKafka} writes it, and becomes those bytes. */
  private static byte[] key(String text) {
    if (text.startsWith(BYTES)) {
      try {
        return Base64.getDecoder().decode(text.substring(BYTES.length()));
      } catch (IllegalArgumentException e) {
        throw new InvalidFieldException(KEY, "must be Base64 after " + BYTES, text, e);
      }
    }
    return bytes(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
