package dev.pitstop.nats;

import dev.pitstop.Message;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Publishes by the protocol itself, headers in UTF-8 as most clients write them. Used by one
 * thread.
 */
final class RawNats implements AutoCloseable {
  private static final int MILLIS = 30_000;
  private static final int AT_ONCE = 500;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawNats(int port, String user, String password) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream());
    write(
        "CONNECT {\"verbose\":false,\"headers\":true,\"user\":\""
            + user
            + "\",\"pass\":\""
            + password
            + "\"}\r\nSUB answers 1\r\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes messages in this order and waits until the stream has confirmed all. */
  void publish(String subject, List<Message<byte[]>> messages) throws IOException {
    for (int from = 0; from < messages.size(); from += AT_ONCE) {
      List<Message<byte[]>> some =
          messages.subList(from, Math.min(from + AT_ONCE, messages.size()));
      for (Message<byte[]> message : some) {
        publish(subject, message);
      }
      out.flush();
      for (int i = 0; i < some.size(); i++) {
        awaitConfirm();
      }
    }
  }

  private void publish(String subject, Message<byte[]> message) throws IOException {
    StringBuilder lines = new StringBuilder("NATS/1.0\r\n");
    message.contentType().ifPresent(type -> lines.append("Content-Type: " + type + "\r\n"));
    message.headers().forEach((name, value) -> lines.append(name + ": " + value + "\r\n"));
    byte[] headers = lines.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    int all = headers.length + message.body().length;
    write("HPUB " + subject + " answers " + headers.length + " " + all + "\r\n");
    out.write(headers);
    out.write(message.body());
    write("\r\n");
  }

  private void awaitConfirm() throws IOException {
    while (true) {
      String line = line();
      if (line.startsWith("PING")) {
        write("PONG\r\n");
        out.flush();
      } else if (line.startsWith("-ERR")) {
        throw new IOException(line);
      } else if (line.startsWith("MSG ")) {
        String answer = line(); // one line of JSON
        if (!answer.contains("\"seq\"")) {
          throw new IOException(answer);
        }
        return;
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next != '\n') {
      if (next < 0) {
        throw new IOException("the connection has ended after " + line);
      }
      line.write(next);
      next = in.read();
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
