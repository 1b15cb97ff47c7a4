package dev.pitstop.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Server-sent events as bytes. */
public final class EventStream {
  /** What means nothing and keeps a connection in use. */
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private EventStream() {}

  /**
   * An answer that is a stream of events; a comment goes ahead of them, so that whoever asked hears
   * something at once, and proxies are told to pass on each event as it comes.
   */
  public static Answer answer(Consumer<Stream> events) {
    return Answer.stream(
            "text/event-stream",
            stream -> {
              comment(stream);
              events.accept(stream);
            })
        .header("Cache-Control", "no-store")
        .header("X-Accel-Buffering", "no");
  }

  /** Writes a comment; says whether the stream is open. */
  public static boolean comment(Stream stream) {
    return stream.write(COMMENT);
  }

  /**
   * The bytes of an event.
   *
   * @param json in one line
   */
  public static byte[] event(String name, byte[] json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length + 64);
    bytes.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(json);
    bytes.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }
}
