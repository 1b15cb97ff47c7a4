package dev.pitstop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A named place in a store where messages wait. Thread-safe.
 *
 * <p>Calls return at once; their futures complete when the store has answered. What is out of
 * bounds completes a future with {@link InvalidFieldException} before anything is written, and a
 * store that does not answer within the call timeout with {@link StoreUnavailableException}. Only a
 * caller that stores faster than the store writes is held back, for at most the call timeout. What
 * one thread stores and removes takes effect in that order, whether it waits for the answers or
 * not.
 */
public interface MessageQueue<T> {
  /** The queue's name. */
  String name();

  /** Stores a body under a new id, to be emitted once at an instant; a past one means now. */
  CompletableFuture<Stored> store(T body, Instant at);

  /** Stores a body under a new id, to be emitted as a schedule says. */
  CompletableFuture<Stored> store(T body, Schedule schedule);

  /** Stores a message, to be emitted once at an instant; one of the same id is replaced. */
  CompletableFuture<Stored> store(Message<T> message, Instant at);

  /** Stores a message, to be emitted as a schedule says; one of the same id is replaced. */
  CompletableFuture<Stored> store(Message<T> message, Schedule schedule);

  /**
   * Stores a message, to be emitted as a schedule says.
   *
   * @return completes when the message is durable; with {@link MessageExistsException} when the id
   *     is there and {@code ifPresent} is {@link IfPresent#FAIL}
   */
  CompletableFuture<Stored> store(Message<T> message, Schedule schedule, IfPresent ifPresent);

  /**
   * Stores many messages in one call. Each succeeds or fails on its own.
   *
   * @return completes with a result for each, in the same order; never exceptionally
   */
  CompletableFuture<List<StoreResult>> storeAll(List<Deferral<T>> deferrals);

  /**
   * Stores messages as they stood elsewhere, with their attempts and errors; one of the same id is
   * replaced. A leased one becomes a scheduled one.
   */
  CompletableFuture<List<StoreResult>> restoreAll(List<StoredMessage> messages);

  /** Removes a message in any state; a lease that is out is revoked. Says whether it was there. */
  CompletableFuture<Boolean> remove(String id);

  /** Listens with {@link ListenerOptions#defaults()}. */
  Listener listen(Handler<T> handler);

  /** Hands out what is due to a handler until stopped. */
  Listener listen(ListenerOptions options, Handler<T> handler);

  /** Hands out what is due as a stream, with {@link ListenerOptions#defaults()}. */
  Flow.Publisher<Delivery<T>> deliveries();

  /**
   * Hands out what is due as a stream. Each subscriber listens on its own and gets no more than it
   * has requested and no more than {@code concurrency} not settled yet. Each settles what it gets;
   * leases are not extended by themselves. The stream completes when the Pitstop is closed.
   */
  Flow.Publisher<Delivery<T>> deliveries(ListenerOptions options);

  /** The message of an id as it stands, if the queue holds it. */
  CompletableFuture<Optional<StoredMessage>> find(String id);

  /**
   * Messages that pass a filter: waiting and leased ones in due order, then buried ones in the
   * order they were buried.
   *
   * @param from {@link Page#next} of the page before; empty for the first
   * @param limit at most so many; 1 to 1000
   */
  CompletableFuture<Page<StoredMessage>> list(Filter filter, Optional<String> from, int limit);

  /**
   * Messages in any state whose ids begin with a text, in an order that does not change.
   *
   * @param prefix what ids begin with; empty for all
   * @param from {@link Page#next} of the page before; empty for the first
   * @param limit at most so many; 1 to 1000
   */
  CompletableFuture<Page<StoredMessage>> search(String prefix, Optional<String> from, int limit);

  /**
   * How many messages, waiting or leased, are due within each of some windows that lie one behind
   * another.
   *
   * @param edges 2 to 1001 in ascending order; the first window begins at the first, and each ends
   *     before the next
   * @param most where a window holds more, this is said and no more is counted; 1 to 100,000
   * @return completes with one number for each window: one less than there are edges
   */
  CompletableFuture<List<Long>> countDue(List<Instant> edges, int most);

  /** Makes a buried message due now, with attempts from zero. Says whether it was buried. */
  CompletableFuture<Boolean> requeue(String id);

  /** Makes every buried message due now, with attempts from zero. Says how many. */
  CompletableFuture<Long> requeueAll();

  /**
   * Makes a message that waits or is buried due at an instant, with attempts from zero; a past one
   * means now. A recurring one stays at its occurrence.
   *
   * @return completes with whether it took effect: false when it is not there or a lease keeps it
   */
  CompletableFuture<Boolean> reschedule(String id, Instant at);

  /**
   * Pauses the queue: nothing of it is emitted until {@link #resume}, by any process, from a second
   * later on at the latest. What is in hands goes on. Says whether it was not paused before.
   */
  CompletableFuture<Boolean> pause();

  /** Ends what {@link #pause} began. Says whether it was paused. */
  CompletableFuture<Boolean> resume();

  /**
   * Leases what is due now, for who asks for messages in place of listening. Each delivery is
   * settled by who gets it, and comes again when its lease runs out; none is extended by itself.
   * Messages whose bodies cannot be read are buried and left out.
   *
   * @param limit at most so many; 1 to 1000
   * @param options of these the lease time and the retry policy hold
   */
  CompletableFuture<List<Delivery<T>>> lease(int limit, ListenerOptions options);

  /**
   * The delivery of a lease that is out, for who knows its token and no longer has what {@link
   * #lease} gave, as another process. Empty when the lease is not the last of the message, or was
   * settled.
   *
   * @param options of these the retry policy holds
   */
  CompletableFuture<Optional<Delivery<T>>> leased(String id, long token, ListenerOptions options);

  /** Removes every message in every state; leases that are out are revoked. Says how many. */
  CompletableFuture<Long> purge();

  /** What the queue holds. */
  CompletableFuture<QueueStats> stats();

  /** What this Pitstop has done in the queue since it was opened. */
  QueueCounters counters();

  /**
   * What the store offers for this queue besides, by the type that its module has for it.
   *
   * @throws PitstopException when the store has nothing of that type
   */
  <U> U unwrap(Class<U> type);

  /** Stores a body under a new id, to be emitted once after a delay. */
  default CompletableFuture<Stored> store(T body, Duration delay) {
    return store(body, Schedule.in(delay));
  }
}
