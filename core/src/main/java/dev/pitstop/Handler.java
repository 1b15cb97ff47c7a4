package dev.pitstop;

/** What an application does with a delivery. Called by many threads at once. */
@FunctionalInterface
public interface Handler<T> {
  /**
   * Handles one delivery. Returning acks it and throwing nacks it with the exception's message,
   * unless the handler has settled it itself or the listener was set to manual ack.
   */
  void handle(Delivery<T> delivery) throws Exception;
}
