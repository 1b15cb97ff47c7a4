package dev.pitstop.server.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads the bodies of requests, as many bytes of all of them at once as there is room for.
 * Thread-safe.
 *
 * <p>Room is taken as bytes arrive, not as they are announced, so that nobody holds any by
 * announcing much and sending nothing.
 */
final class Bodies {
  private static final int FIRST = 4 << 10;

  private final long most;
  private final Duration time;
  private final AtomicLong held = new AtomicLong();

  /** Room for so many bytes; a body must have arrived within a time. */
  Bodies(long most, Duration time) {
    this.most = most;
    this.time = time;
  }

  /** Bytes that are held now. */
  long held() {
    return held.get();
  }

  /** The reading of a request's body, to be closed when the request has been answered. */
  Reading of(Request request, int limit) {
    return new Reading(request, limit);
  }

  /** One body. */
  final class Reading implements AutoCloseable {
    private final Request request;
    private final int limit;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private byte[] bytes = new byte[0];
    private int size;
    private long room; // guarded by this
    private boolean closed; // guarded by this

    private Reading(Request request, int limit) {
      this.request = request;
      this.limit = limit;
    }

    /** Reads; completes with a {@link Problem} when the body is too large, too slow or broken. */
    CompletableFuture<byte[]> start() {
      if (request.getLength() > limit) {
        return CompletableFuture.failedFuture(tooLarge(request.getLength() + " bytes"));
      }
      read();
      if (whole.isDone()) {
        return whole;
      }
      return whole
          .orTimeout(time.toNanos(), TimeUnit.NANOSECONDS)
          .exceptionallyCompose(
              failure ->
                  CompletableFuture.failedFuture(
                      failure instanceof TimeoutException ? tooSlow() : failure));
    }

    private void read() {
      while (!whole.isDone()) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this::read);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          whole.completeExceptionally(unread());
          return;
        }
        boolean last = chunk.isLast();
        try {
          add(chunk.getByteBuffer());
        } catch (Problem problem) {
          whole.completeExceptionally(problem);
        } finally {
          chunk.release();
        }
        if (last) {
          whole.complete(bytes.length == size ? bytes : Arrays.copyOf(bytes, size));
        }
      }
    }

    private void add(ByteBuffer more) {
      int length = more.remaining();
      if (length > limit - size) {
        throw tooLarge("more than " + limit + " bytes");
      }
      int needed = size + length;
      if (needed > bytes.length) {
        long announced = Math.min(request.getLength(), limit);
        int grown = Math.max(needed, Math.min(limit, Math.max(FIRST, 2 * bytes.length)));
        int capacity = announced >= needed ? (int) Math.min(announced, grown) : grown;
        take(capacity - bytes.length);
        bytes = Arrays.copyOf(bytes, capacity);
      }
      more.get(bytes, size, length);
      size = needed;
    }

    private synchronized void take(long more) {
      if (closed) {
        throw unread();
      }
      if (held.addAndGet(more) > most) {
        held.addAndGet(-more);
        throw Problem.of(
                Problem.Kind.RATE_LIMITED,
                "the bodies of all requests at once must be at most " + most + " bytes")
            .with("limit", Long.toString(most))
            .header("Retry-After", "1")
            .header("Connection", "close");
      }
      room += more;
    }

    /** The bytes are needed no longer, nor are those that have not come yet. */
    @Override
    public void close() {
      synchronized (this) {
        closed = true;
        held.addAndGet(-room);
        room = 0;
      }
      whole.completeExceptionally(unread());
    }

    private Problem tooLarge(String value) {
      return Problem.of(Problem.Kind.BODY_TOO_LARGE, "the body must be at most " + limit + " bytes")
          .with("field", "body")
          .with("limit", String.valueOf(limit))
          .with("value", value)
          .header("Connection", "close");
    }

    private Problem tooSlow() {
      return Problem.of(Problem.Kind.REQUEST_TIMEOUT, "the body must have arrived within " + time)
          .with("field", "body")
          .with("limit", time.toString())
          .header("Connection", "close");
    }

    private static Problem unread() {
      return Problem.of(Problem.Kind.BAD_REQUEST, "the body did not come to its end")
          .header("Connection", "close");
    }
  }
}
