package dev.pitstop.server.store;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Stream;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Store;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Tells other processes when something of a queue can be leased: the queue's name in a line. An
 * empty line comes once all queues are watched, and every few seconds to show that somebody is
 * there. Queues that the caller may not consume are not watched: what leases there is told so.
 * Immutable.
 */
final class WakeStreams {
  private static final byte[] EMPTY_LINE = {'\n'};
  private static final int BEAT_SECONDS = 5;

  private final Node node;

  WakeStreams(Node node) {
    this.node = node;
  }

  Answer answer(Call call, Input in) {
    List<String> queues = Wire.rest(in, Input::text);
    if (queues.size() > StoreCall.MOST_WATCHED) {
      throw new InvalidFieldException(
          "queues", "must be at most " + StoreCall.MOST_WATCHED, queues.size());
    }
    node.drain().refuse();
    Set<String> allowed =
        queues.stream()
            .map(Limits::queue)
            .filter(queue -> call.caller().may(Right.CONSUME, queue) && !Reserved.is(queue))
            .collect(Collectors.toUnmodifiableSet());
    return Answer.stream(StoreCall.MEDIA_TYPE, stream -> new Watching(stream).begin(allowed))
        .header("X-Accel-Buffering", "no");
  }

  /** One stream, and what it watches. */
  private final class Watching {
    private final Stream stream;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final List<Store.Subscription> subscriptions = new ArrayList<>();

    Watching(Stream stream) {
      this.stream = stream;
    }

    void begin(Set<String> queues) {
      Runnable drained = stream::close;
      try {
        for (String queue : queues) {
          subscriptions.add(node.store().onWake(queue, () -> wake(queue)));
        }
      } catch (RuntimeException e) {
        subscriptions.forEach(Store.Subscription::close);
        throw e;
      }
      ScheduledFuture<?> beats =
          node.timer()
              .scheduleWithFixedDelay(
                  () -> stream.write(EMPTY_LINE), 0, BEAT_SECONDS, TimeUnit.SECONDS);
      stream.onEnd(
          () -> {
            beats.cancel(false);
            node.drain().forget(drained);
            node.blocking().execute(() -> subscriptions.forEach(Store.Subscription::close));
          });
      node.drain().tell(drained);
    }

    /** Called by the store, which must not be held up. */
    private void wake(String queue) {
      if (waiting.add(queue)) {
        node.timer()
            .execute(
                () -> {
                  waiting.remove(queue);
                  stream.write((queue + "\n").getBytes(StandardCharsets.US_ASCII));
                });
      }
    }
  }
}
