package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import dev.pitstop.lines.Json;
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

  /**
   * A line.
   *
   * @param number the first is 1
   * @param bytes without its line feed; null when it was too long
   * @param limit how many bytes a line has at most
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Line(long number, byte @Nullable [] bytes, int limit) {
    /** The bytes; refuses a line that was too long. */
    byte[] content() {
      if (bytes == null) {
        throw new PitstopException("line must be at most " + limit + " bytes, was longer");
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
  private final int limit;
  private byte[] buffer = new byte[CHUNK];
  private int start;
  private int end;
  private int searched;
  private boolean skipping;
  private boolean ended;
  private long number;

  /** Reads lines of at most {@code limit} bytes. */
  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
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
        skipping || length > limit
            ? new Line(number, null, limit)
            : new Line(number, Arrays.copyOfRange(buffer, start, searched), limit);
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
    if (skipping || end - start > limit) {
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
