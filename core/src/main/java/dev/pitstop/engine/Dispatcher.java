package dev.pitstop.engine;

import dev.pitstop.Handler;
import dev.pitstop.ListenerOptions;
import dev.pitstop.spi.Limits;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands deliveries to a handler on as many threads as its listener allows. Thread-safe. */
final class Dispatcher<T> implements Outlet<T> {
  /*
   * A delivery is buffered, then takes one of as many places as the concurrency is. Its place is free
   * again when the handler returns; with manual ack when it is settled or its lease has run out. A
   * thread whose place comes free takes the next buffered one itself, so that under load no thread is
   * started for a message.
   *
   * How far ahead is leased follows the handlers' pace: what the places start within AHEAD_NANOS; and of
   * large bodies, as large as the last were, no more than MOST_BYTES_AHEAD. The loop is given room when
   * the buffer is half empty, so that it leases in batches, and at once when nothing is leased ahead.
   */
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
  private static final long AHEAD_NANOS = 50_000_000;
  private static final long MOST_BYTES_AHEAD = 16 << 20;

  private final Handler<T> handler;
  private final Executor executor;
  private final int concurrency;
  private final int prefetch;
  private final boolean manualAck;
  private final int mostUnsettled;
  private final Runnable roomAgain;

  private final Set<EngineDelivery<T>> inHands = ConcurrentHashMap.newKeySet();

  /* Guarded by this. */
  private final Deque<EngineDelivery<T>> buffer = new ArrayDeque<>();
  private long bufferedBytes;
  private long meanBytes;
  private int busy;
  private int unsettled;
  private long meanNanos = AHEAD_NANOS;
  private boolean roomWanted;
  private volatile boolean halted;

  /**
   * A dispatcher.
   *
   * @param roomAgain called when there is room after {@link #room} said there was none; quick
   */
  Dispatcher(Handler<T> handler, Executor executor, ListenerOptions options, Runnable roomAgain) {
    this.handler = handler;
    this.executor = executor;
    this.concurrency = options.concurrency();
    this.prefetch = options.prefetch();
    this.manualAck = options.isManualAck();
    this.mostUnsettled = 4 * (concurrency + prefetch);
    this.roomAgain = roomAgain;
  }

  @Override
  public int room() {
    int room;
    boolean stranded;
    synchronized (this) {
      room = worthwhileRoom();
      roomWanted = room == 0;
      stranded = !halted && busy < concurrency && !buffer.isEmpty();
    }
    if (stranded) {
      startWorker();
    }
    return room;
  }

  @Override
  public void accept(List<EngineDelivery<T>> deliveries) {
    int start;
    synchronized (this) {
      unsettled += deliveries.size();
      buffer.addAll(deliveries);
      long bytes = deliveries.stream().mapToLong(delivery -> delivery.bytes().length).sum();
      bufferedBytes += bytes;
      meanBytes = bytes / Math.max(1, deliveries.size());
      start = Math.min(buffer.size(), concurrency - busy);
    }
    if (halted) {
      halt();
      return;
    }
    for (int i = 0; i < start; i++) {
      startWorker();
    }
  }

  @Override
  public Collection<EngineDelivery<T>> inHands() {
    return inHands;
  }

  @Override
  public void settled(EngineDelivery<T> delivery) {
    over(delivery);
    if (manualAck) {
      leave(delivery);
    }
  }

  @Override
  public void lapsed(EngineDelivery<T> delivery) {
    settled(delivery);
  }

  @Override
  public void halt() {
    List<EngineDelivery<T>> left;
    synchronized (this) {
      halted = true;
      left = List.copyOf(buffer);
      buffer.clear();
      bufferedBytes = 0;
    }
    left.forEach(EngineDelivery::release);
  }

  @Override
  public synchronized boolean idle() {
    return busy == 0 && unsettled == 0;
  }

  @Override
  public boolean runsHere() {
    return inHands.stream().anyMatch(EngineDelivery::isHandledHere);
  }

  @Override
  public void begin() {
    // a handler is not told
  }

  @Override
  public void end() {
    // a handler is not told
  }

  /** What no thread could be started for stays in the buffer; each look starts one for it again. */
  private void startWorker() {
    try {
      executor.execute(this::work);
    } catch (RuntimeException | Error e) {
      log.warn("no thread could be started for a handler", e);
    }
  }

  private void work() {
    EngineDelivery<T> delivery = take();
    while (delivery != null) {
      try {
        handle(delivery);
      } finally {
        if (!manualAck) {
          leave(delivery);
        }
      }
      delivery = take();
    }
  }

  private synchronized @Nullable EngineDelivery<T> take() {
    if (halted || busy >= concurrency || buffer.isEmpty()) {
      return null;
    }
    busy++;
    EngineDelivery<T> delivery = buffer.remove();
    bufferedBytes -= delivery.bytes().length;
    delivery.placed();
    delivery.enterHandler();
    inHands.add(delivery);
    return delivery;
  }

  private void handle(EngineDelivery<T> delivery) {
    try {
      if (delivery.isStale()) {
        delivery.release();
      } else if (delivery.read()) {
        handler.handle(delivery);
        delivery.leaveHandler();
        if (!manualAck && !delivery.settled()) {
          delivery.ack();
        }
      }
    } catch (Throwable failure) {
      delivery.leaveHandler();
      if (!delivery.settled()) {
        delivery.nack(Limits.message(failure));
      }
      tell(delivery, failure);
    } finally {
      delivery.leaveHandler();
      Thread.interrupted(); // a timeout's interrupt is the handler's, not the next one's
    }
  }

  private static void tell(EngineDelivery<?> delivery, Throwable failure) {
    try {
      log.warn("{} failed at attempt {}", delivery, delivery.attempt(), failure);
    } catch (RuntimeException | StackOverflowError e) {
      log.warn("{} failed with a {} that cannot be logged", delivery, failure.getClass().getName());
    }
  }

  /** Frees the place of a delivery, once. */
  private void leave(EngineDelivery<T> delivery) {
    if (!inHands.remove(delivery)) {
      return;
    }
    boolean startWorker;
    synchronized (this) {
      busy--;
      meanNanos += (delivery.nanosSincePlaced() - meanNanos) / 8;
      startWorker = manualAck && !buffer.isEmpty();
    }
    if (startWorker) {
      startWorker();
    }
    tellOfRoom();
  }

  /** Counts a delivery as settled, once. */
  private void over(EngineDelivery<T> delivery) {
    if (delivery.finish()) {
      synchronized (this) {
        unsettled--;
      }
      tellOfRoom();
    }
  }

  private void tellOfRoom() {
    synchronized (this) {
      if (!(roomWanted && worthwhileRoom() > 0) && !halted) {
        return;
      }
      roomWanted = false;
    }
    roomAgain.run();
  }

  private int worthwhileRoom() {
    int ahead = (int) Math.min(prefetch, concurrency * AHEAD_NANOS / Math.max(1, meanNanos));
    int most = concurrency + ahead;
    if (halted || buffer.size() > ahead / 2 || unsettled > mostUnsettled - most / 2 - 1) {
      return 0;
    }
    long fitting =
        Math.max(
            buffer.isEmpty() ? 1 : 0, (MOST_BYTES_AHEAD - bufferedBytes) / Math.max(1, meanBytes));
    int room = Math.min(most - busy - buffer.size(), mostUnsettled - unsettled);
    return (int) Math.max(0, Math.min(room, fitting));
  }
}
