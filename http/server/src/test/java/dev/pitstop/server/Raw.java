package dev.pitstop.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A connection over which anything can be sent, HTTP or not. */
final class Raw implements AutoCloseable {
  private final Socket socket;

  /** Connects; what is read must come within a time. */
  Raw(URI server, Duration patience) throws IOException {
    socket = new Socket();
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), 5_000);
    socket.setSoTimeout((int) patience.toMillis());
    socket.setTcpNoDelay(true);
  }

  Raw send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Raw send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends no more, but reads on. */
  Raw endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** All that comes until the other side closes, or begins a stream of events, which never ends. */
  String readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] some = new byte[8192];
    boolean endless = false;
    for (int n = in.read(some); n >= 0; n = endless ? -1 : in.read(some)) {
      all.write(some, 0, n);
      endless = all.toString(StandardCharsets.ISO_8859_1).contains("Type: text/event-stream");
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** What comes up to and with the end of an answer's headers. */
  String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      head.append((char) c);
    }
    return head.toString();
  }

  /** Whether neither a byte nor an end comes for a time, what was read before aside. */
  boolean readsNothingFor(Duration time) throws IOException {
    InputStream in = socket.getInputStream();
    int before = socket.getSoTimeout();
    socket.setSoTimeout((int) time.toMillis());
    try {
      while (in.available() > 0) {
        in.skipNBytes(in.available());
      }
      in.read();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(before);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
