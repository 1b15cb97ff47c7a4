package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of bytes of a bounded length: a longer one is passed over without being held in memory. For
 * one thread.
 */
final class LineReader {
  private static final int CHUNK = 64 * 1024;

  /** The longest line that is read: room for the largest body in base64, and for headers. */
  static final int LONGEST = 2 << 20;

  /**
   * A line.
   *
   * @param number the first is 1
   * @param bytes without its line feed; null when it was too long
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Line(long number, byte @Nullable [] bytes) {
    /** The bytes; refuses a line that was too long. */
    byte[] content() {
      if (bytes == null) {
        throw new PitstopException("line must be at most " + LONGEST + " bytes, was longer");
      }
      return bytes;
    }

    /** Whether there is nothing but white space. */
    boolean blank() {
      if (bytes == null) {
        return false;
      }
      for (byte b : bytes) {
        if (!Json.isSpace(b)) {
          return false;
        }
      }
      return true;
    }
  }

  private final InputStream in;
  private byte[] buffer = new byte[CHUNK];
  private int start;
  private int end;
  private int searched;
  private boolean skipping;
  private boolean ended;
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line, waited for; null at the end. */
  @Nullable Line next() throws IOException {
    while (!buffered() && !ended) {
      fill();
    }
    if (ended && start == end && !skipping) {
      return null;
    }
    number++;
    int length = searched - start;
    Line line =
        skipping || length > LONGEST
            ? new Line(number, null)
            : new Line(number, Arrays.copyOfRange(buffer, start, searched));
    skipping = false;
    start = Math.min(searched + 1, end);
    searched = start;
    return line;
  }

  /** Whether the next line is there without waiting; reads what can be read without. */
  boolean ready() throws IOException {
    while (!buffered() && !ended && in.available() > 0) {
      fill();
    }
    return buffered();
  }

  /** Whether the next line was read already. */
  boolean buffered() {
    while (searched < end && buffer[searched] != '\n') {
      searched++;
    }
    return searched < end;
  }

  private void fill() throws IOException {
    if (skipping || end - start > LONGEST) {
      skipping = true;
      start = 0;
      end = 0;
    } else if (end == buffer.length) {
      byte[] target = end - start > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
      System.arraycopy(buffer, start, target, 0, end - start);
      buffer = target;
      end -= start;
      start = 0;
    }
    searched = end;
    int read = in.read(buffer, end, buffer.length - end);
    if (read < 0) {
      ended = true;
    } else {
      end += read;
    }
  }
}
