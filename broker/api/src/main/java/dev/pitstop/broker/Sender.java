package dev.pitstop.broker;

import dev.pitstop.Message;
import java.util.concurrent.CompletableFuture;

/**
 * Sends messages to the destinations of one broker. Thread-safe.
 *
 * <p>A connection that is lost fails what was under way, of which the broker may have got some, and
 * is made anew by itself. What one thread sends to one destination arrives in that order, as far as
 * nothing fails.
 */
public interface Sender extends AutoCloseable {
  /**
   * Sends a message, without blocking. Its {@link Message#id} is what a broker that drops
   * duplicates knows it by.
   *
   * @param destination a place at the broker, in the words of its kind, as in the path of an
   *     address: {@link BrokerAddress#names} has the names in it
   * @return completes when the broker has confirmed that it keeps the message; with {@link
   *     SendException} when it refuses it, or has not confirmed it within the sender's time limit
   */
  CompletableFuture<Void> send(String destination, Message<byte[]> message);

  /** Ends the connection; what is under way fails. May be called again. */
  @Override
  void close();
}
