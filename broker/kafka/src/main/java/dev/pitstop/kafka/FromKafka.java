package dev.pitstop.kafka;

import dev.pitstop.Message;
import dev.pitstop.lines.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Messages as Kafka hands them out. */
final class FromKafka {
  private static final byte[] NONE = {};

  private FromKafka() {}

  /**
   * The message: headers as text, the last of those that share a name, and the key and the way it
   * came as headers whose names begin with {@code kafka-}. A record without a value is one without
   * bytes.
   */
  static Message<byte[]> message(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    String contentType = null;
    for (Header header : record.headers()) {
      String value = header.value() == null ? "" : text(header.value());
      if (header.key().equalsIgnoreCase(ToKafka.CONTENT_TYPE)) {
        contentType = value;
      } else {
        headers.put(header.key(), value);
      }
    }
    if (record.key() != null) {
      headers.put(ToKafka.KEY, text(record.key()));
    }
    headers.put("kafka-topic", record.topic());
    headers.put("kafka-partition", Integer.toString(record.partition()));
    headers.put("kafka-offset", Long.toString(record.offset()));
    headers.put("kafka-timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    return new Message<>(
        record.value() == null ? NONE : record.value(),
        Optional.of(record.topic() + "/" + record.partition() + "/" + record.offset()),
        headers,
        Optional.ofNullable(contentType));
  }

  /** Bytes that are text as that, others as a data URL. */
  private static String text(byte[] bytes) {
    return Json.isUtf8(bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : ToKafka.BYTES + Base64.getEncoder().encodeToString(bytes);
  }
}
