package dev.pitstop.spi;

/** What a delivery gives a store that can settle it in another way than the engine. Thread-safe. */
public interface DeliveryDoor {
  /** What the store is to do when the delivery is acked now. */
  Settlement ack();

  /**
   * Says that the settlement of an ack is part of a transaction of the application. An ack, that of
   * a handler which returns included, then writes nothing more. A handler that throws is nacked all
   * the same, which changes nothing if the transaction was committed.
   */
  void acked();
}
