package dev.pitstop.server.api;

import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * What the routes work on: this process's view of the store. Immutable.
 *
 * @param pitstop on the store
 * @param store the store itself, for its clock and its wake-ups
 * @param timer runs what waits for a time; its tasks are short
 * @param blocking runs what waits for the store
 * @param maxBody how many bytes a body has at most
 * @param drain tells what waits or goes on for ever that the server is about to stop
 * @param options how messages of a queue are leased and retried
 */
public record Node(
    Pitstop pitstop,
    Store store,
    ScheduledExecutorService timer,
    Executor blocking,
    int maxBody,
    Drain drain,
    Function<String, ListenerOptions> options) {

  /**
   * The queue that a call names.
   *
   * @throws dev.pitstop.server.http.Problem when the caller has not the right in it, or it is one
   *     that servers keep for themselves
   */
  public MessageQueue<byte[]> queue(Call call, Right right) {
    return queue(call, call.name("queue"), right);
  }

  /** As {@link #queue(Call, Right)}, by its name. */
  public MessageQueue<byte[]> queue(Call call, String name, Right right) {
    MessageQueue<byte[]> queue = pitstop.queue(name);
    require(call, name, right);
    return queue;
  }

  /**
   * Refuses a call that may not do something in a queue.
   *
   * @throws dev.pitstop.server.http.Problem when the caller has not the right in it, or it is one
   *     that servers keep for themselves
   * @throws dev.pitstop.InvalidFieldException when it is no queue's name
   */
  public void require(Call call, String name, Right right) {
    call.require(right, Limits.queue(name));
    if (right != Right.VIEW) {
      Reserved.refuse(name);
    }
  }

  /** What all queues hold, as the store has it now. */
  public CompletableFuture<List<QueueStats>> allStats() {
    return CompletableFuture.supplyAsync(pitstop::stats, blocking);
  }

  /** The store's time. */
  public Instant now() {
    return store.now();
  }
}
