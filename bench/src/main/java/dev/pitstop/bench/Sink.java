package dev.pitstop.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * What webhooks are posted to: answers each post with 200 and nothing else, on one thread, after it
 * was told of.
 */
final class Sink implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;
  private static final byte[] OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Selector selector = Selector.open();
  private final ServerSocketChannel listening;
  private final CompletableFuture<Void> running;
  private volatile Consumer<HttpMessage> told = post -> {};
  private volatile boolean closed;

  /** One that listens at a free port of this machine. */
  Sink() throws IOException {
    listening =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    running = CompletableFuture.runAsync(this::run, task -> new Thread(task, "sink").start());
  }

  /** Where to post to. */
  String url() throws IOException {
    return "http://127.0.0.1:" + ((InetSocketAddress) listening.getLocalAddress()).getPort() + "/";
  }

  /**
   * Expects posts from now on.
   *
   * @param each is told of each as it comes, on the thread that answers, with its number from 0 on;
   *     of posts beyond the count it is told nothing
   * @return completes when so many have come; fails when the sink does, or after a time
   */
  CompletableFuture<?> expect(int count, ObjIntConsumer<HttpMessage> each) {
    CompletableFuture<Void> all = new CompletableFuture<>();
    AtomicInteger come = new AtomicInteger();
    told =
        post -> {
          int number = come.getAndIncrement();
          if (number < count) {
            each.accept(post, number);
          }
          if (number == count - 1) {
            all.complete(null);
          }
        };
    return CompletableFuture.anyOf(all, running).orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void run() {
    try {
      while (!closed) {
        selector.select();
        Iterator<SelectionKey> selected = selector.selectedKeys().iterator();
        while (selected.hasNext()) {
          SelectionKey key = selected.next();
          selected.remove();
          if (key.isAcceptable()) {
            accept();
          } else {
            answer(key);
          }
        }
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() throws IOException {
    SocketChannel channel = listening.accept();
    if (channel != null) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Incoming());
    }
  }

  private void answer(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    Incoming incoming = (Incoming) key.attachment();
    if (!incoming.read(channel)) {
      channel.close();
      return;
    }
    for (HttpMessage post = incoming.next(); post != null; post = incoming.next()) {
      told.accept(post);
      ByteBuffer ok = ByteBuffer.wrap(OK);
      while (ok.hasRemaining()) { // a line fits into any socket's buffer
        channel.write(ok);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    running.join();
  }
}
