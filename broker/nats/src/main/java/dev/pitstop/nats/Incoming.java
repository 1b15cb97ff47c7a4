package dev.pitstop.nats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What NATS sends, with headers that the client can read. Lines go through as they are; messages
 * ({@code MSG} and {@code HMSG}) say in theirs how long they are. Not thread-safe.
 */
final class Incoming {
  private static final int LINE_END = 2;

  private enum Part {
    LINE,
    HEADERS,
    PAYLOAD
  }

  private final Output output = new Output();
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
  private Part part = Part.LINE;
  private int left;

  /** Of a message whose headers are gathered. */
  private String[] words = {};

  /** Bytes to be given out, of which some have been. */
  private static final class Output extends ByteArrayOutputStream {
    private int given;

    int give(byte[] target, int offset, int length) {
      int now = Math.min(length, count - given);
      System.arraycopy(buf, given, target, offset, now);
      given += now;
      if (given == count) {
        reset();
        given = 0;
      }
      return now;
    }
  }

  /** Gives out what is ready; how many bytes. */
  int give(byte[] target, int offset, int length) {
    return output.give(target, offset, length);
  }

  /** Takes the first bytes of some. */
  void take(byte[] bytes, int count) {
    int at = 0;
    while (at < count) {
      at +=
          switch (part) {
            case LINE -> takeLine(bytes, at, count);
            case HEADERS -> takeHeaders(bytes, at, count);
            case PAYLOAD -> takePayload(bytes, at, count);
          };
    }
  }

  private int takeLine(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    boolean whole = at < end;
    int taken = at - from + (whole ? 1 : 0);
    gathered.write(bytes, from, taken);
    if (whole) {
      endLine();
    }
    return taken;
  }

  private void endLine() {
    String line = gathered.toString(StandardCharsets.ISO_8859_1); // a character for each byte
    gathered.reset();
    if (line.startsWith("HMSG ")) {
      words = line.strip().split("\\s+", -1);
      left = Integer.parseInt(words[words.length - 2]);
      part = Part.HEADERS;
      return;
    }
    write(line);
    if (line.startsWith("MSG ")) {
      left = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1).strip()) + LINE_END;
      part = Part.PAYLOAD;
    }
  }

  private int takeHeaders(byte[] bytes, int from, int end) {
    int taken = Math.min(left, end - from);
    gathered.write(bytes, from, taken);
    left -= taken;
    if (left == 0) {
      endHeaders();
    }
    return taken;
  }

  private void endHeaders() {
    byte[] sent = gathered.toByteArray();
    gathered.reset();
    byte[] readable = ReadableHeaders.of(sent);
    int body = Integer.parseInt(words[words.length - 1]) - sent.length;
    words[words.length - 2] = Integer.toString(readable.length);
    words[words.length - 1] = Integer.toString(readable.length + body);
    write(String.join(" ", Arrays.asList(words)) + "\r\n");
    output.writeBytes(readable);
    left = body + LINE_END;
    part = Part.PAYLOAD;
  }

  private int takePayload(byte[] bytes, int from, int end) {
    int taken = Math.min(left, end - from);
    output.write(bytes, from, taken);
    left -= taken;
    if (left == 0) {
      part = Part.LINE;
    }
    return taken;
  }

  private void write(String text) {
    output.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
