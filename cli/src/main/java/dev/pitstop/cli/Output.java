package dev.pitstop.cli;

import dev.pitstop.lines.JsonLine;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lines of UTF-8 on standard output, buffered. What cannot be written throws {@link
 * OutputException}. For one thread.
 */
final class Output implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final OutputStream out;

  Output(OutputStream out) {
    this.out = new BufferedOutputStream(out, BUFFER);
  }

  /** The standard output itself; {@code System.out} would keep failures to itself. */
  static Output standard() {
    return new Output(new FileOutputStream(FileDescriptor.out));
  }

  /** Writes a line of text. */
  void line(String text) {
    line(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a line of JSON. */
  void line(JsonLine json) {
    line(json.bytes());
  }

  /** Hands everything that was written to the operating system. */
  void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Flushes; standard output stays open. */
  @Override
  public void close() {
    flush();
  }

  private void line(byte[] bytes) {
    try {
      out.write(bytes);
      out.write('\n');
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }
}
