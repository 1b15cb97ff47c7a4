package dev.pitstop.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying would cost
  private record Piece(byte[] bytes, Runnable written) {}

  private final Response response;
  private final Callback callback;
  private final List<Piece> waiting = new ArrayList<>(); // guarded by this
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
    boolean tooSlow;
    boolean begin;
    synchronized (this) {
      if (ended || closing) {
        return false;
      }
      tooSlow = !waiting.isEmpty() && waitingBytes + bytes.length > MOST_WAITING;
      begin = !tooSlow && add(bytes, () -> {});
    }
    if (tooSlow) {
      end(new IllegalStateException("the reader is too slow"));
      return false;
    }
    if (begin) {
      writeNext();
    }
    return true;
  }

  /**
   * As {@link #write(byte[])}, for who bounds itself what waits.
   *
   * @param written runs when the other side can take more
   */
  public boolean write(byte[] bytes, Runnable written) {
    boolean begin;
    synchronized (this) {
      if (ended || closing) {
        return false;
      }
      begin = add(bytes, written);
    }
    if (begin) {
      writeNext();
    }
    return true;
  }

  /** Says whether nothing is being written. */
  private boolean add(byte[] bytes, Runnable written) {
    waiting.add(new Piece(bytes, written));
    waitingBytes += bytes.length;
    boolean begin = !writing;
    writing = true;
    return begin;
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

  /** Writes all that waits. */
  private void writeNext() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Runnable> written = new ArrayList<>();
    boolean last;
    synchronized (this) {
      if (waiting.isEmpty() && !closing) {
        writing = false;
        return;
      }
      last = waiting.isEmpty();
      for (Piece piece : waiting) {
        bytes.writeBytes(piece.bytes);
        written.add(piece.written);
      }
      waiting.clear();
      waitingBytes = 0;
    }
    response.write(
        last,
        ByteBuffer.wrap(bytes.toByteArray()),
        Callback.from(
            () -> {
              written.forEach(Runnable::run);
              if (last) {
                finished();
              } else {
                writeNext();
              }
            },
            this::end));
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
