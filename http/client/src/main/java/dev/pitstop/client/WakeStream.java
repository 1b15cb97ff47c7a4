package dev.pitstop.client;

import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import java.io.EOFException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One stream of wake-ups: lines of queues' names, and empty ones that show that the server is
 * there. Its lines come one after the other. Thread-safe.
 */
final class WakeStream {
  /** The server writes something every five seconds. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(20);

  private static final int LONGEST_LINE = 128;

  private final Waking waking;
  private final Set<String> queues;
  private final StringBuilder line = new StringBuilder();
  private volatile long heard = System.nanoTime();
  private boolean begun; // touched by what reads its lines only
  private volatile CompletableFuture<?> answer = new CompletableFuture<>();

  WakeStream(Waking waking, Set<String> queues) {
    this.waking = waking;
    this.queues = queues;
  }

  Set<String> queues() {
    return queues;
  }

  void begin(Calls calls) {
    Output out = new Output();
    queues.forEach(out::text);
    CompletableFuture<HttpResponse<byte[]>> sent =
        calls.send(StoreCall.WAKES, out.bytes(), handler());
    answer = sent;
    sent.whenComplete(
        (response, failure) ->
            waking.ended(
                this,
                failure != null
                    ? failure
                    : Calls.isOfAStore(response)
                        ? new EOFException("the server has ended it")
                        : calls.failures().answered(StoreCall.WAKES, response)));
  }

  private BodyHandler<byte[]> handler() {
    return info ->
        info.statusCode() == 200
            ? BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(this::read), none -> new byte[0])
            : BodySubscribers.ofByteArray();
  }

  private void read(Optional<byte[]> bytes) {
    heard = System.nanoTime();
    for (byte b : bytes.orElse(new byte[0])) {
      if (b != '\n') {
        line.append((char) b);
      } else {
        told(line.toString());
        line.setLength(0);
      }
    }
    if (line.length() > LONGEST_LINE) {
      end();
    }
  }

  private void told(String queue) {
    if (!queue.isEmpty()) {
      waking.wake(queue);
    } else if (!begun) {
      begun = true;
      waking.watched(this);
    }
  }

  /** Whether nothing has come for so long that nobody is there any more. */
  boolean isSilent() {
    return System.nanoTime() - heard > SILENCE;
  }

  /** Ends it; nothing is told of it afterwards. */
  void end() {
    answer.cancel(true);
  }
}
