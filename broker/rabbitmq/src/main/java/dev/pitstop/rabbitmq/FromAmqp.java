package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import dev.pitstop.Message;
import dev.pitstop.lines.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages as RabbitMQ hands them out. */
final class FromAmqp {
  private FromAmqp() {}

  /**
   * The message: headers as text, and properties and the way it came as headers whose names begin
   * with {@code rabbitmq-}. It has no id, as RabbitMQ knows none that is one message's alone.
   */
  static Message<byte[]> message(Envelope envelope, BasicProperties properties, byte[] body) {
    Map<String, String> headers = texts(properties.getHeaders());
    put(headers, "message-id", properties.getMessageId());
    put(headers, "correlation-id", properties.getCorrelationId());
    put(headers, "reply-to", properties.getReplyTo());
    put(headers, "type", properties.getType());
    put(headers, "app-id", properties.getAppId());
    put(headers, "user-id", properties.getUserId());
    put(headers, "content-encoding", properties.getContentEncoding());
    put(headers, "expiration", properties.getExpiration());
    put(headers, "priority", properties.getPriority());
    put(headers, "timestamp", properties.getTimestamp());
    put(headers, "exchange", envelope.getExchange());
    put(headers, "routing-key", envelope.getRoutingKey());
    return new Message<>(
        body, Optional.empty(), headers, Optional.ofNullable(properties.getContentType()));
  }

  private static void put(Map<String, String> headers, String name, @Nullable Object value) {
    String text = value == null ? null : text(value);
    if (text != null) {
      headers.put("rabbitmq-" + name, text);
    }
  }

  /** Headers as text; tables and arrays, as {@code x-death}, are left out. */
  static Map<String, String> texts(@Nullable Map<String, Object> table) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (table != null) {
      table.forEach(
          (name, value) -> {
            String text = value == null ? "" : text(value);
            if (text != null) {
              texts.put(name, text);
            }
          });
    }
    return texts;
  }

  private static @Nullable String text(Object value) {
    if (value instanceof LongString string) {
      return text(string.getBytes());
    }
    if (value instanceof byte[] bytes) {
      return text(bytes);
    }
    if (value instanceof Date date) {
      return date.toInstant().toString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : null;
  }

  /** Bytes that are text as that, others as a data URL. */
  private static String text(byte[] bytes) {
    return Json.isUtf8(bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : "data:;base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
