package dev.pitstop.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Acks over one connection what a stream of leases brings over another, as many at once as have
 * come meanwhile. Used by one thread.
 */
final class Streaming implements Conversation, AutoCloseable {
  private static final int LIMIT = 1_000;
  private static final int AT_ONCE = 500;

  private final String queue;
  private final SocketChannel stream;
  private final BlockingQueue<Leased> come = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> reading;
  private int left;

  /**
   * Begins to read, as far as what has come is acked.
   *
   * @param count how many are acked before it ends
   */
  Streaming(int port, String queue, int count) throws IOException {
    this.queue = queue;
    this.left = count;
    stream = Connections.connect(port);
    // Of HTTP 1.0, so that what comes is not in chunks.
    String request =
        "GET /v1/queues/"
            + queue
            + "/leases?limit="
            + LIMIT
            + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    stream.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    reading = CompletableFuture.runAsync(this::read, task -> new Thread(task, "stream").start());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            Channels.newReader(stream, StandardCharsets.ISO_8859_1.newDecoder(), 64 << 10))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          come.addAll(Leased.in(line));
        }
      }
    } catch (ClosedChannelException e) {
      // all has come that was asked for
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte @Nullable [] next(@Nullable HttpMessage answer) {
    if (answer != null) {
      left -= Leased.acked(answer);
    }
    if (left <= 0) {
      return null;
    }
    try {
      List<Leased> some = new ArrayList<>();
      some.add(come.take());
      come.drainTo(some, AT_ONCE - 1);
      return Leased.ack(queue, some);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while a stream was read", e);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
    reading.join();
  }
}
