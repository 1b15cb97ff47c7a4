package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.lines.Times;
import dev.pitstop.spi.Option;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Messages on their way to RabbitMQ. */
final class ToAmqp {
  /** What was told of an arrival, and what would send copies elsewhere. */
  private static final Set<String> LEFT_OUT =
      Set.of("rabbitmq-exchange", "rabbitmq-routing-key", "rabbitmq-user-id", "cc", "bcc");

  private static final int PERSISTENT = 2;
  private static final int SHORT = 255;
  private static final long MOST_MILLIS = 0xffff_ffffL;
  private static final long MOST_PRIORITY = 255;
  private static final int MOST_HEADERS = 100_000;

  private ToAmqp() {}

  /**
   * A message to be sent.
   *
   * @param destination {@code QUEUE} or {@code EXCHANGE/ROUTING-KEY}, percent-encoded
   * @throws InvalidFieldException when RabbitMQ cannot have it as it is
   */
  static Publish publish(String destination, Message<byte[]> message, long deadline) {
    List<String> names = BrokerAddress.names(destination);
    if (names.size() > 2) {
      throw new InvalidFieldException(
          "destination", "must be a queue, or an exchange and a routing key", destination);
    }
    String routingKey = brief("routing key", names.get(names.size() - 1));
    String exchange = names.size() == 1 ? "" : brief("exchange", names.get(0));
    return new Publish(exchange, routingKey, properties(message), message.body(), deadline);
  }

  private static BasicProperties properties(Message<byte[]> message) {
    BasicProperties.Builder builder = new BasicProperties.Builder();
    builder.deliveryMode(PERSISTENT).timestamp(Date.from(Instant.now()));
    message.id().ifPresent(id -> builder.messageId(brief("id", id)));
    message.contentType().ifPresent(type -> builder.contentType(brief("content type", type)));
    Map<String, Object> headers = new LinkedHashMap<>();
    long size = 0;
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      String name = header.getKey();
      if (!property(builder, name.toLowerCase(Locale.ROOT), header.getValue())) {
        headers.put(brief("header name", name), header.getValue());
        size += 8L + bytes(name) + bytes(header.getValue());
      }
    }
    if (size > MOST_HEADERS) {
      throw new InvalidFieldException(
          "headers", "must be at most " + MOST_HEADERS + " UTF-8 bytes in all", size);
    }
    return builder.headers(headers).build();
  }

  /** Sets the property that a header stands for, in place of the header. */
  private static boolean property(BasicProperties.Builder builder, String name, String value) {
    switch (name) {
      case "rabbitmq-message-id" -> builder.messageId(brief(name, value));
      case "rabbitmq-correlation-id" -> builder.correlationId(brief(name, value));
      case "rabbitmq-reply-to" -> builder.replyTo(brief(name, value));
      case "rabbitmq-type" -> builder.type(brief(name, value));
      case "rabbitmq-app-id" -> builder.appId(brief(name, value));
      case "rabbitmq-content-encoding" -> builder.contentEncoding(brief(name, value));
      case "rabbitmq-expiration" ->
          builder.expiration(Long.toString(number(name, MOST_MILLIS, value)));
      case "rabbitmq-priority" -> builder.priority((int) number(name, MOST_PRIORITY, value));
      case "rabbitmq-timestamp" -> builder.timestamp(Date.from(Times.parse(name, value)));
      default -> {
        return LEFT_OUT.contains(name);
      }
    }
    return true;
  }

  private static long number(String name, long most, String value) {
    return Option.number(name, 0, most, "0", "").parser().apply(value);
  }

  private static String brief(String field, String value) {
    if (bytes(value) > SHORT) {
      throw new InvalidFieldException(
          field, "must be at most " + SHORT + " UTF-8 bytes in RabbitMQ", value);
    }
    return value;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
