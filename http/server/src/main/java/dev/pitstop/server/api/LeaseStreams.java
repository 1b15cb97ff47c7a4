package dev.pitstop.server.api;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.EventStream;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out deliveries as server-sent events, to be settled by id and token. What is not settled
 * when a stream ends comes again at once, its attempt counted: whoever it went to may have been at
 * it. When the server ends the stream, the attempt is not counted. Thread-safe.
 */
final class LeaseStreams {
  private static final Logger log = LoggerFactory.getLogger(LeaseStreams.class);
  private static final int MOST = 64;

  /** That nobody reads any more is noticed when something is written. */
  private static final int COMMENT_SECONDS = 5;

  /** So many deliveries wait to be written at most, whatever the other side could hold. */
  private static final int AHEAD = 16;

  private final Node node;
  private final Held held;
  private final AtomicInteger open = new AtomicInteger();

  LeaseStreams(Node node, Held held) {
    this.node = node;
    this.held = held;
  }

  /**
   * A stream of what is due in a queue.
   *
   * @param limit so many are not settled at once at most
   */
  Answer answer(MessageQueue<byte[]> queue, ListenerOptions options, int limit) {
    node.drain().refuse();
    if (open.get() >= MOST) {
      throw Problem.of(Problem.Kind.RATE_LIMITED, "this server has no more streams of leases")
          .with("limit", String.valueOf(MOST))
          .header("Retry-After", "10");
    }
    return EventStream.answer(
        stream -> queue.deliveries(options).subscribe(new Receiver(stream, limit)));
  }

  /** Writes what it is given to a stream. */
  private final class Receiver implements Flow.Subscriber<Delivery<byte[]>> {
    private final Stream stream;
    private final int limit;
    private final Runnable drained;
    private final Set<Delivery<byte[]>> unsettled = new LinkedHashSet<>(); // guarded by this
    private Flow.@Nullable Subscription subscription; // guarded by this
    private boolean ended; // guarded by this

    Receiver(Stream stream, int limit) {
      this.stream = stream;
      this.limit = limit;
      this.drained = stream::close;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      synchronized (this) {
        subscription = begun;
      }
      open.incrementAndGet();
      ScheduledFuture<?> comments =
          node.timer()
              .scheduleWithFixedDelay(
                  () -> EventStream.comment(stream),
                  COMMENT_SECONDS,
                  COMMENT_SECONDS,
                  TimeUnit.SECONDS);
      stream.onEnd(
          () -> {
            open.decrementAndGet();
            comments.cancel(false);
            node.drain().forget(drained);
            node.blocking().execute(this::ended);
          });
      node.drain().tell(drained);
      begun.request(AHEAD);
    }

    @Override
    public void onNext(Delivery<byte[]> delivery) {
      forgetLapsed();
      synchronized (this) {
        if (!ended) {
          unsettled.add(delivery);
        }
      }
      held.add(delivery, () -> settled(delivery));
      byte[] event = EventStream.event("delivery", Leases.json(delivery).bytes());
      if (!stream.write(event, () -> subscription().request(1))) {
        giveBack(delivery);
      }
    }

    /** More than may be unsettled are there when leases have run out. */
    private void forgetLapsed() {
      List<Delivery<byte[]>> lapsed;
      synchronized (this) {
        lapsed =
            unsettled.size() < limit
                ? List.of()
                : unsettled.stream().filter(Delivery::leaseLost).toList();
      }
      lapsed.forEach(held::remove);
    }

    private synchronized Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription);
    }

    private synchronized void settled(Delivery<byte[]> delivery) {
      unsettled.remove(delivery);
    }

    /** It was not written. */
    private void giveBack(Delivery<byte[]> delivery) {
      held.remove(delivery);
      delivery.release();
    }

    private void ended() {
      List<Delivery<byte[]>> left;
      synchronized (this) {
        ended = true;
        left = new ArrayList<>(unsettled);
        unsettled.clear();
      }
      subscription().cancel();
      boolean draining = node.drain().hasBegun();
      for (Delivery<byte[]> delivery : left) {
        held.remove(delivery);
        if (draining) {
          delivery.release();
        } else {
          delivery.nack("the stream ended before this was settled", Duration.ZERO);
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      log.warn("a stream of leases has ended", failure);
      stream.close();
    }

    @Override
    public void onComplete() {
      stream.close();
    }
  }
}
