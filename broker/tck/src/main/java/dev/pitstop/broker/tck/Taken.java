package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Takes what a source hands out, and keeps how many were in hands at most. Thread-safe. */
final class Taken implements Consumer<Received> {
  private final BlockingQueue<One> waiting = new LinkedBlockingQueue<>();
  private final AtomicInteger inHands = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  /** A message in hands, and when it came. */
  final class One {
    private final Received received;
    final long nanos = System.nanoTime();

    One(Received received) {
      this.received = received;
    }

    Message<byte[]> message() {
      return received.message();
    }

    String text() {
      return Rules.body(message());
    }

    /** Acks it and waits until the source has been told. */
    void ack() {
      inHands.decrementAndGet();
      Rules.complete(received.ack(), Rules.LONG);
    }

    CompletableFuture<Void> nack() {
      inHands.decrementAndGet();
      return received.nack(SendException.passing("not now"));
    }
  }

  @Override
  public void accept(Received received) {
    most.accumulateAndGet(inHands.incrementAndGet(), Math::max);
    waiting.add(new One(received));
  }

  /** The next, which is waited for. */
  One next() {
    try {
      One one = waiting.poll(Rules.LONG.toMillis(), TimeUnit.MILLISECONDS);
      if (one == null) {
        throw new AssertionError("nothing was handed out within " + Rules.LONG);
      }
      return one;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  List<One> next(int count) {
    List<One> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(next());
    }
    return all;
  }

  /** How many were handed out and not asked for with {@link #next}. */
  int waiting() {
    return waiting.size();
  }

  /** How many were neither acked nor nacked, at most. */
  int most() {
    return most.get();
  }
}
