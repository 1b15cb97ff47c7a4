package dev.pitstop.nats;

import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes by a durable consumer for as long as one connection lasts: asks for as many messages as
 * there is room for, and for more when these have come. Thread-safe.
 */
final class Taking {
  /*
   * Acks and nacks that have come together are written together, on the settler's thread, and told
   * when NATS has answered what was written after them.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Taking.class);
  private static final int MOST_REFUSED = 3;
  private static final int UNLIMITED = 0;

  private final Link link;
  private final Durable durable;
  private final Duration timeout;
  private final ScheduledExecutorService settler;
  private final InHands inHands;
  private final Consumer<Received> receiver;
  private final Semaphore room;
  private final JetStreamSubscription subscription;
  private final Set<Held> open = ConcurrentHashMap.newKeySet();
  private final Queue<Held> settled = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final CompletableFuture<Void> handedOut = new CompletableFuture<>();
  private volatile boolean lost;

  Taking(
      Link link,
      Durable durable,
      Duration timeout,
      ScheduledExecutorService settler,
      InHands inHands,
      int inFlight,
      Consumer<Received> receiver)
      throws IOException, JetStreamApiException {
    this.link = link;
    this.durable = durable;
    this.timeout = timeout;
    this.settler = settler;
    this.inHands = inHands;
    this.receiver = receiver;
    room = new Semaphore(inFlight);
    subscription =
        link.connection()
            .jetStream()
            .subscribe(null, PullSubscribeOptions.fastBind(durable.stream(), durable.name()));
    // no more than was asked for comes, and what is dropped would come again late
    subscription.setPendingLimits(UNLIMITED, UNLIMITED);
  }

  /**
   * Hands out until the source is stopped, and lets what is in hands be settled after that.
   *
   * @throws IOException when the connection is lost, or NATS has ended the consumer
   */
  void run() throws IOException, JetStreamApiException, InterruptedException {
    long third = Math.max(1, durable.ackWait().toNanos() / 3);
    ScheduledFuture<?> extending =
        settler.scheduleWithFixedDelay(this::extend, third, third, TimeUnit.NANOSECONDS);
    link.ended().thenRun(room::release);
    try {
      handOut();
      handedOut.complete(null);
      link.ended().get();
      throw link.lost();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      handedOut.complete(null);
      extending.cancel(false);
    }
  }

  private void handOut() throws IOException, JetStreamApiException, InterruptedException {
    int refused = 0;
    room.acquire();
    while (!inHands.isStopped() && link.isOpen()) {
      int free = 1 + room.drainPermits();
      int asked = Math.min(free, durable.mostAtOnce());
      room.release(free - asked);
      long begin = System.nanoTime();
      int taken = takeUpTo(asked);
      room.release(asked - taken);
      boolean early = System.nanoTime() - begin < durable.longestPull().toNanos() / 2;
      refused = taken == 0 && early ? refused + 1 : 0;
      if (refused == MOST_REFUSED && link.isOpen() && !inHands.isStopped()) {
        link.connection().jetStreamManagement().getConsumerInfo(durable.stream(), durable.name());
        throw new IOException("NATS answers no pulls of the consumer " + durable.name());
      }
      room.acquire();
    }
  }

  private int takeUpTo(int asked) throws IOException {
    int taken = 0;
    try {
      Iterator<Message> each = subscription.iterate(asked, durable.longestPull());
      while (each.hasNext()) {
        hand(each.next());
        taken++;
      }
    } catch (JetStreamStatusException e) {
      throw new IOException(Reconnecting.reason(e), e);
    } catch (IllegalStateException e) {
      LOG.debug("the subscription has ended, by a stop or with its connection", e);
    }
    return taken;
  }

  private void hand(Message delivered) {
    if (!inHands.take()) {
      delivered.nakWithDelay(durable.afterPulls());
      return;
    }
    Held held = new Held(delivered, this);
    open.add(held);
    if (lost) {
      held.lose();
    } else {
      receiver.accept(held);
    }
  }

  /** Asks for no more; what comes all the same is given back. */
  void end() {
    room.release();
    onSettler(
        () -> {
          if (subscription.isActive()) {
            subscription.drain(timeout);
          }
        });
  }

  /** Gives back what is in hands, once this was ended; completes when NATS has been told. */
  CompletableFuture<Void> giveBack() {
    return handedOut.thenRunAsync(() -> say(this::giveBackAll), settler);
  }

  private void giveBackAll() throws TimeoutException, InterruptedException {
    flush();
    open.forEach(held -> held.giveBack(durable.afterPulls()));
    link.connection().flush(timeout);
  }

  /**
   * What is in hands is lost.
   *
   * @return where NATS can be told to hand it out again
   */
  List<String> lose() {
    lost = true;
    List<Held> all = List.copyOf(open);
    all.forEach(Held::lose);
    return all.stream().map(Held::replyTo).toList();
  }

  /** Takes what was decided of a message, which is said with what is decided meanwhile. */
  void settle(Held held) {
    settled.add(held);
    if (flushing.compareAndSet(false, true)) {
      onSettler(this::flush);
    }
  }

  private void flush() throws TimeoutException, InterruptedException {
    flushing.set(false);
    List<Held> now = new ArrayList<>();
    for (Held held = settled.poll(); held != null; held = settled.poll()) {
      now.add(held);
    }
    if (now.isEmpty()) {
      return;
    }
    try {
      now.forEach(Held::say);
      link.connection().flush(timeout);
      now.forEach(Held::told);
    } finally {
      now.forEach(Held::lose); // those that NATS was not told of
    }
  }

  private void extend() {
    say(() -> open.forEach(Held::extend));
  }

  /** Something said to NATS. */
  private interface Saying {
    void say() throws TimeoutException, InterruptedException;
  }

  private void onSettler(Saying saying) {
    try {
      settler.execute(() -> say(saying));
    } catch (RejectedExecutionException e) {
      lose(); // the source is closed
    }
  }

  /** What fails here fails because the connection has ended or hangs, of which others tell. */
  private static void say(Saying saying) {
    try {
      saying.say();
    } catch (TimeoutException | IllegalStateException e) {
      LOG.debug("not told", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void over(Held held) {
    open.remove(held);
    inHands.done();
    room.release();
  }
}
