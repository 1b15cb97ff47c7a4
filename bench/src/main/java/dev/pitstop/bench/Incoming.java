package dev.pitstop.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What arrives on a connection: HTTP messages one after the other, each of a length that its head
 * says. Used by one thread.
 */
final class Incoming {
  private ByteBuffer bytes = ByteBuffer.allocate(16 << 10).flip();

  /** Reads what is there, or waits for some; says whether there may be more later. */
  boolean read(ReadableByteChannel channel) throws IOException {
    bytes.compact();
    if (!bytes.hasRemaining()) {
      bytes = ByteBuffer.allocate(2 * bytes.capacity()).put(bytes.flip());
    }
    int count = channel.read(bytes);
    bytes.flip();
    return count >= 0;
  }

  /** The next message; null when it has not arrived whole. */
  @Nullable HttpMessage next() {
    int end = headEnd();
    if (end < 0) {
      return null;
    }
    String head = text(bytes.position(), end - bytes.position());
    String length = HttpMessage.header(head, "Content-Length");
    int body = end + 4;
    int size = length == null ? 0 : Integer.parseInt(length);
    if (bytes.limit() - body < size) {
      return null;
    }
    bytes.position(body + size);
    return new HttpMessage(head, text(body, size));
  }

  private int headEnd() {
    byte[] all = bytes.array();
    for (int i = bytes.position(); i + 3 < bytes.limit(); i++) {
      if (all[i] == '\r' && all[i + 1] == '\n' && all[i + 2] == '\r' && all[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private String text(int from, int length) {
    return new String(bytes.array(), from, length, StandardCharsets.ISO_8859_1);
  }
}
