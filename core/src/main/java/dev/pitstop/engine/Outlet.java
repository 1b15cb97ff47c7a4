package dev.pitstop.engine;

import java.util.Collection;
import java.util.List;

/** Where a listener's deliveries go: to a handler, or to a subscriber. Thread-safe. */
interface Outlet<T> {
  /** How many more deliveries it takes now; when there is none it tells when there is. */
  int room();

  /** Takes deliveries, at most as many as there was room for; once halted it gives them back. */
  void accept(List<EngineDelivery<T>> deliveries);

  /** The deliveries in hands: handed out and not over. */
  Collection<EngineDelivery<T>> inHands();

  /** A settle of a delivery was answered, or failed. */
  void settled(EngineDelivery<T> delivery);

  /** The lease of a delivery in hands has run out, and no handler is running with it. */
  void lapsed(EngineDelivery<T> delivery);

  /** Hands out no more, and gives back what it had not handed out. */
  void halt();

  /** Whether nothing is in hands and nothing waits for the store's answer. */
  boolean idle();

  /** Whether the calling thread is one that something was handed out on. */
  boolean runsHere();

  /** The listener is about to begin. */
  void begin();

  /** The listener has stopped for good. */
  void end();

  /** Makes an outlet. */
  @FunctionalInterface
  interface Maker<T> {
    /**
     * The outlet of a listener.
     *
     * @param changed to be called when there is room again, or something is over; quick
     * @param stop stops the listener
     */
    Outlet<T> make(Runnable changed, Runnable stop);
  }
}
