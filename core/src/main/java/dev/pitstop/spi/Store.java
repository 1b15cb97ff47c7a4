package dev.pitstop.spi;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A durable, ordered set of messages with leases. It knows due times and tokens, and nothing of
 * schedules, retries or handlers.
 *
 * <p>Safe for many threads, and for many processes where it has {@link Capability#SHARED}. Calls
 * block. Each throws {@link StoreUnavailableException} when the backend is away or does not answer
 * in time; then it is unknown whether it took effect. What comes in was checked by the engine: the
 * bounds of ids, names and bodies are not looked at again.
 *
 * <p>Time is the store's: the server's clock where there is one, otherwise an {@code InstantSource}
 * it is given. Due times and leases are kept in whole milliseconds.
 */
public interface Store extends AutoCloseable {
  /** The store's time. A store on a server may answer from the offset it measured last. */
  Instant now();

  /**
   * Puts entries, in their order, and returns when they are durable.
   *
   * @return one result for each, in the same order
   */
  List<PutResult> put(List<Put> puts);

  /**
   * Leases due messages: those whose due time has come and which no lease keeps.
   *
   * @param limit at most so many
   * @param leaseTime for how long from now
   * @return soonest due first, equal due times in the order they were put; each counted as
   *     attempted
   */
  List<Entry> lease(String queue, int limit, Duration leaseTime);

  /**
   * Settles leases, in their order.
   *
   * @return for each whether it took effect, in the same order
   */
  List<Boolean> settle(List<Settlement> settlements);

  /**
   * Removes messages in any state and revokes their leases, durably.
   *
   * @throws HeldException when some are held by others; the rest is removed
   * @return for each whether it was there, in the same order
   */
  List<Boolean> remove(List<Key> keys);

  /**
   * How long it is until something of a queue can be leased: the next due time or the end of the
   * next lease. Zero when something is due now; empty when nothing waits. While a queue is paused:
   * until it is worth looking whether it is resumed, or empty when {@link #onWake} tells.
   */
  Optional<Duration> untilNextDue(String queue);

  /**
   * Asks to be woken when something of a queue can be leased earlier than {@link #untilNextDue}
   * said last. A hint: it may come for nothing, late, twice or not at all. The call to {@code wake}
   * is quick and never blocks.
   *
   * @return ends it when closed
   */
  Subscription onWake(String queue, Runnable wake);

  /** The entry of a key. */
  Optional<Entry> find(Key key);

  /**
   * Entries of a queue: waiting and leased ones by due time, then buried ones in the order they
   * were buried. Entries that move while pages are read may be seen twice or not at all; others are
   * seen once.
   *
   * @param from {@link Page#next} of the page before; empty for the first
   * @throws dev.pitstop.InvalidFieldException when {@code from} is not one of this store's
   */
  Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit);

  /**
   * Entries of a queue in any state whose ids begin with a text, in an order of the store's that
   * does not change. Reads about as many as it shows, however many the queue holds.
   *
   * @param prefix what ids begin with; empty for all
   * @param from {@link Page#next} of the page before; empty for the first
   * @throws dev.pitstop.InvalidFieldException when {@code from} is not one of this store's
   */
  Page<Entry> search(String queue, String prefix, Optional<String> from, int limit);

  /** What each queue holds, by name; queues that hold nothing may be missing. Does not scan. */
  List<QueueStats> stats();

  /**
   * How many messages, waiting or leased, are due within each of some windows that lie one behind
   * another.
   *
   * @param edges in ascending order; the first window begins at the first, and each ends before the
   *     next
   * @param most where a window holds more, this is said and no more is counted
   * @return one number for each window: one less than there are edges
   */
  List<Long> countDue(String queue, List<Instant> edges, int most);

  /**
   * Makes a buried message due now, with no attempts and no missed occurrences. False if it is not
   * buried.
   */
  boolean requeue(Key key);

  /** As {@link #requeue} for every buried message of a queue; says how many. */
  long requeueAll(String queue);

  /**
   * Makes a message that waits or is buried due at an instant, with no attempts and no error. One
   * that is not recurring then stands for that instant; a recurring one stays at its occurrence. A
   * lease that has run out can no longer be settled.
   *
   * @param due in whole milliseconds; a time in the past means now, where order keeps the due time
   * @return whether it took effect; false when it is not there or a lease keeps it
   */
  boolean reschedule(Key key, Instant due);

  /**
   * Pauses a queue, or resumes it: while it is paused nothing of it is leased, by any process.
   * Leases that are out stay and are settled. Durable; other processes may see it up to a second
   * later. The queue of a store need hold nothing.
   *
   * @return whether that changed anything
   */
  boolean pause(String queue, boolean paused);

  /** Removes every message of a queue and revokes all leases; says how many. */
  long purge(String queue);

  /**
   * What this store offers for a queue besides, as an interface of its own module; empty when it
   * has nothing of that type. A store around another passes it on.
   */
  <U> Optional<U> unwrap(Class<U> type, QueueDoor door);

  /** What this store offers for a delivery besides; as for a queue. */
  <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door);

  /** What this store can do. */
  Set<Capability> capabilities();

  /** Closes it. May be called again; other calls then throw {@link StoreUnavailableException}. */
  @Override
  void close();

  /** Something asked for, until closed. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
