package dev.pitstop.server.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

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

  /** The reading of a request's body, to be closed when the request has been answered. */
  Reading of(Request request, int limit) {
    return new Reading(request, limit);
  }

  /** One body. */
  final class Reading implements AutoCloseable {
    /*
     * The HTTP server lets one thread at a time read from a connection, and reads on itself once
     * the request was answered. So whoever ends the reading from outside waits for a read that is
     * under way, and nothing is read afterwards.
     */
    private final Request request;
    private final int limit;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>(); // no more is awaited
    private byte[] bytes = new byte[0]; // guarded by this
    private int size; // guarded by this
    private long room; // guarded by this
    private boolean ended; // guarded by this

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
      if (over.isDone()) {
        return whole;
      }
      over.orTimeout(time.toNanos(), TimeUnit.NANOSECONDS)
          .exceptionally(
              timeout -> {
                fail(tooSlow());
                return null;
              });
      return whole;
    }

    private void read() {
      byte[] all;
      try {
        all = readAvailable();
      } catch (Problem problem) {
        fail(problem);
        return;
      }
      if (all != null) {
        over.complete(null);
        whole.complete(all);
      }
    }

    /** The body when it has come to its end; null when more is awaited or nothing is any longer. */
    private synchronized byte @Nullable [] readAvailable() {
      while (!ended) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this::read);
          return null;
        }
        if (Content.Chunk.isFailure(chunk)) {
          throw unread();
        }
        boolean last = chunk.isLast();
        try {
          add(chunk.getByteBuffer());
        } finally {
          chunk.release();
        }
        if (last) {
          ended = true;
          return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
        }
      }
      return null;
    }

    private void fail(Problem problem) {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      over.complete(null);
      whole.completeExceptionally(problem);
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

    private void take(long more) {
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

    /** The request was answered, or never will be: nobody needs the bytes, nor is told of more. */
    @Override
    public void close() {
      synchronized (this) {
        ended = true;
        held.addAndGet(-room);
        room = 0;
      }
      over.complete(null);
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
