package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A message on its way to an exchange. Immutable but for its future. */
final class Publish {
  final String exchange;
  final String routingKey;
  final BasicProperties properties;
  final byte[] body;
  final long deadline;
  final CompletableFuture<Void> confirmed = new CompletableFuture<>();

  /**
   * One that is not sent yet.
   *
   * @param deadline by {@link System#nanoTime}
   */
  Publish(
      String exchange, String routingKey, BasicProperties properties, byte[] body, long deadline) {
    this.exchange = exchange;
    this.routingKey = routingKey;
    this.properties = properties;
    this.body = body;
    this.deadline = deadline;
  }

  boolean isLate() {
    return System.nanoTime() - deadline > 0;
  }

  /**
   * Whether this is what was returned, or the same as that in all by which RabbitMQ routes it and
   * anybody could tell them apart.
   */
  boolean matches(String exchange, String routingKey, BasicProperties returned, byte[] body) {
    return this.exchange.equals(exchange)
        && this.routingKey.equals(routingKey)
        && Objects.equals(properties.getMessageId(), returned.getMessageId())
        && Arrays.equals(this.body, body)
        && FromAmqp.texts(properties.getHeaders()).equals(FromAmqp.texts(returned.getHeaders()));
  }
}
