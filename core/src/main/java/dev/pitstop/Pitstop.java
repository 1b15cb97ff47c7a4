package dev.pitstop;

import dev.pitstop.engine.Engine;
import dev.pitstop.spi.Runner;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A store of messages that come back when their time has come. Thread-safe.
 *
 * <p>Opened by the address of its store, which may carry options as a query: {@code
 * rocksdb:./data?leaseTime=1m}. {@link PitstopOptions} has the options of every store; each store
 * has its own besides.
 */
public interface Pitstop extends AutoCloseable {
  /**
   * Opens the store at an address.
   *
   * @throws InvalidFieldException when the address or one of its options is not understood
   * @throws StoreUnavailableException when the store cannot be opened
   */
  static Pitstop open(String address) {
    return open(address, PitstopOptions.defaults());
  }

  /** Opens the store at an address; options in the address go before those given here. */
  static Pitstop open(String address, PitstopOptions options) {
    return Engine.open(address, options);
  }

  /**
   * Opens the store at an address and works on what is made of it, as one that measures its calls;
   * closes that in the end.
   */
  static Pitstop open(String address, PitstopOptions options, UnaryOperator<Store> around) {
    return Engine.open(address, options, around);
  }

  /** Works on a store that was opened already, and closes it in the end. */
  static Pitstop on(Store store, PitstopOptions options) {
    return Engine.on(store, options);
  }

  /** Works on a store that was opened already, on what a runner gives it in place of threads. */
  static Pitstop on(Store store, PitstopOptions options, Runner runner) {
    return Engine.on(store, options, runner);
  }

  /** A queue of raw bytes. */
  default MessageQueue<byte[]> queue(String name) {
    return queue(name, Codec.bytes());
  }

  /**
   * A queue; it need not exist before.
   *
   * @param name 1 to 128 of {@code A-Z a-z 0-9 . _ -}
   * @throws InvalidFieldException when the name is not one
   */
  <T> MessageQueue<T> queue(String name, Codec<T> codec);

  /**
   * What each queue holds, by name; queues that hold nothing may be missing.
   *
   * @throws StoreUnavailableException when the store does not answer
   */
  List<QueueStats> stats();

  /** The listeners that are not stopped. */
  List<Listener> listeners();

  /**
   * Stops all listeners under one drain time of 30 seconds, finishes writes under way and closes
   * the store. May be called again, from any thread, a handler's included; a call from a handler
   * returns at once and closing goes on without it.
   */
  @Override
  void close();

  /** As {@link #close()}, with another drain time. Of several calls the shortest time counts. */
  void close(Duration drainTime);
}
