package dev.pitstop.server.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A body that is written bit by bit. Thread-safe.
 *
 * <p>What is written waits while the other side takes nothing. When more than a mebibyte waits the
 * stream is ended: who reads that slowly begins anew and gets what there is then.
 */
public final class Stream {
  private static final int MOST_WAITING = 1 << 20;

  private final Response response;
  private final Callback callback;
  private final Deque<byte[]> waiting = new ArrayDeque<>(); // guarded by this
  private int waitingBytes; // guarded by this
  private boolean writing; // guarded by this
  private boolean closing; // guarded by this
  private boolean ended; // guarded by this
  private Runnable whenEnded = () -> {}; // guarded by this

  Stream(Request request, Response response, Callback callback) {
    this.response = response;
    this.callback = callback;
    request.addFailureListener(this::end);
    request.addIdleTimeoutListener(timeout -> false);
  }

  /** Has something run when the stream has ended, for whatever reason; at once if it has. */
  public void onEnd(Runnable end) {
    synchronized (this) {
      if (!ended) {
        Runnable before = whenEnded;
        whenEnded =
            () -> {
              before.run();
              end.run();
            };
        return;
      }
    }
    end.run();
  }

  /** Writes bytes; says whether the stream is still open. */
  public boolean write(byte[] bytes) {
    synchronized (this) {
      if (ended || closing) {
        return false;
      }
      if (waitingBytes + bytes.length <= MOST_WAITING || waiting.isEmpty()) {
        waiting.add(bytes);
        waitingBytes += bytes.length;
        if (writing) {
          return true;
        }
        writing = true;
      } else {
        closing = true;
      }
    }
    if (isClosing()) {
      end(new IllegalStateException("the reader is too slow"));
      return false;
    }
    writeNext();
    return true;
  }

  /** Ends the stream when all was written. */
  public void close() {
    synchronized (this) {
      if (ended || closing) {
        return;
      }
      closing = true;
      if (writing) {
        return;
      }
      writing = true;
    }
    writeNext();
  }

  private synchronized boolean isClosing() {
    return closing;
  }

  private void writeNext() {
    byte[] next;
    boolean last;
    synchronized (this) {
      byte[] first = waiting.poll();
      last = first == null && closing;
      if (first == null && !closing) {
        writing = false;
        return;
      }
      next = first == null ? new byte[0] : first;
      waitingBytes -= next.length;
    }
    response.write(
        last,
        ByteBuffer.wrap(next),
        Callback.from(last ? this::finished : this::writeNext, this::end));
  }

  private void finished() {
    if (markEnded()) {
      callback.succeeded();
    }
  }

  private void end(Throwable failure) {
    if (markEnded()) {
      callback.failed(failure);
    }
  }

  private boolean markEnded() {
    Runnable end;
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      waiting.clear();
      end = whenEnded;
    }
    end.run();
    return true;
  }
}
