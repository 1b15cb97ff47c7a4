package dev.pitstop.cli;

import dev.pitstop.Delivery;
import dev.pitstop.lines.JsonLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes deliveries as lines and acks each once its line was flushed. Thread-safe.
 *
 * <p>One thread writes what is there, flushes once and acks all of it. {@link Demand} bounds how
 * much waits.
 */
final class Emissions implements Flow.Subscriber<Delivery<byte[]>> {
  /*
   * The leases of what waits to be written are extended here, since who reads the output may pause
   * for long. A lease that was lost all the same is given back unwritten: the message comes again.
   * So does one that the store was not there to settle, which its listener warns of.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Emissions.class);
  private static final int SHARED_FLUSH = 256;

  private final Output out;
  private final Duration leaseTime;
  private final Progress progress;
  private final BlockingQueue<Delivery<byte[]>> waiting = new LinkedBlockingQueue<>();
  private final Set<Delivery<byte[]>> held = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pitstop-leases");
            thread.setDaemon(true);
            return thread;
          });
  private final Demand demand;
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable OutputException failure;

  /**
   * Begins to write what comes.
   *
   * @param concurrency how many deliveries may be in hands at once
   * @param leaseTime the lease time of the deliveries
   */
  Emissions(Output out, int concurrency, Duration leaseTime, Progress progress) {
    this.out = out;
    this.demand = new Demand(concurrency);
    this.leaseTime = leaseTime;
    this.progress = progress;
    Thread writer = new Thread(this::write, "pitstop-output");
    writer.setDaemon(true);
    writer.start();
    long period = Math.max(1, leaseTime.toMillis() / 3);
    var unused = keeper.scheduleAtFixedRate(this::extend, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(demand.more());
  }

  @Override
  public void onNext(Delivery<byte[]> delivery) {
    progress.taken();
    demand.came(delivery.bytes().length);
    held.add(delivery);
    waiting.add(delivery);
  }

  @Override
  public void onError(Throwable failure) {
    LOG.error("listening ended", failure);
    progress.stop();
  }

  @Override
  public void onComplete() {
    progress.stop();
  }

  /** Why nothing more is written, if that is so. */
  Optional<OutputException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Whoever hands out has been told to end: what is not written after a time is given back. */
  void endWithin(Duration limit) {
    var unused = keeper.schedule(this::giveBackWaiting, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void giveBackWaiting() {
    List<Delivery<byte[]>> rest = new ArrayList<>();
    waiting.drainTo(rest);
    rest.forEach(this::giveBack);
  }

  private void write() {
    List<Delivery<byte[]>> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(waiting.take());
        waiting.drainTo(taken, SHARED_FLUSH - 1);
        emit(taken);
        taken.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void emit(List<Delivery<byte[]>> deliveries) {
    List<Delivery<byte[]>> written = new ArrayList<>(deliveries.size());
    for (Delivery<byte[]> delivery : deliveries) {
      if (failure != null || delivery.leaseLost()) {
        giveBack(delivery);
      } else {
        written.add(delivery);
      }
    }
    try {
      written.forEach(delivery -> out.line(line(delivery)));
      out.flush();
    } catch (RuntimeException | Error e) {
      failure = e instanceof OutputException full ? full : new OutputException(new IOException(e));
      written.forEach(this::giveBack);
      progress.stop();
      return;
    }
    written.forEach(delivery -> settle(delivery, delivery.ack()));
  }

  private void giveBack(Delivery<byte[]> delivery) {
    settle(delivery, delivery.release());
  }

  private void settle(Delivery<byte[]> delivery, CompletableFuture<Boolean> answer) {
    var unused =
        answer.whenComplete(
            (tookEffect, failed) -> {
              if (failed != null) {
                LOG.debug("{} was not settled and comes again", delivery.id(), failed);
              }
              over(delivery);
            });
  }

  private void over(Delivery<byte[]> delivery) {
    held.remove(delivery);
    demand.over();
    Flow.Subscription source = subscription;
    int more = demand.more();
    if (source != null && more > 0) {
      source.request(more);
    }
    progress.settled();
  }

  private void extend() {
    for (Delivery<byte[]> delivery : held) {
      var unused = delivery.extend(leaseTime);
    }
  }

  private static JsonLine line(Delivery<byte[]> delivery) {
    JsonLine line =
        new JsonLine()
            .text("queue", delivery.queue())
            .text("id", delivery.id())
            .body(delivery.bytes(), delivery.contentType())
            .texts("headers", delivery.headers())
            .time("scheduledFor", delivery.scheduledFor())
            .time("emittedAt", delivery.emittedAt())
            .number("attempt", delivery.attempt())
            .text("token", Long.toString(delivery.token()));
    if (delivery.missed() > 0) {
      line.number("missed", delivery.missed());
    }
    delivery.lastError().ifPresent(error -> line.text("lastError", error));
    return line;
  }
}
