package dev.pitstop.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of connections that are kept, all on one thread, so that the load takes as
 * little of the machine as it can from the server that is measured.
 */
final class Connections {
  private Connections() {}

  /** One connection, and what is said on it. */
  private static final class Line {
    private final SocketChannel channel;
    private final Conversation conversation;
    private final Incoming incoming = new Incoming();
    private ByteBuffer outgoing = ByteBuffer.allocate(0);

    Line(SocketChannel channel, Conversation conversation) {
      this.channel = channel;
      this.conversation = conversation;
    }

    /** Says whether there was something to say. */
    boolean begin(SelectionKey key) throws IOException {
      return say(key, conversation.next(null));
    }

    /** Goes on with whatever is possible; says whether there is more to come. */
    boolean goOn(SelectionKey key) throws IOException {
      if (key.isWritable()) {
        write(key);
        return true;
      }
      if (!incoming.read(channel)) {
        throw new EOFException("the server has closed a connection");
      }
      HttpMessage answer = incoming.next();
      return answer == null || say(key, conversation.next(answer));
    }

    private boolean say(SelectionKey key, byte @Nullable [] request) throws IOException {
      if (request == null) {
        return false;
      }
      outgoing = ByteBuffer.wrap(request);
      write(key);
      return true;
    }

    private void write(SelectionKey key) throws IOException {
      channel.write(outgoing);
      key.interestOps(outgoing.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  /** Has conversations with a server of this machine, a connection each, until all have ended. */
  static void run(int port, List<? extends Conversation> conversations) {
    try (Selector selector = Selector.open()) {
      int open = 0;
      try {
        for (Conversation conversation : conversations) {
          SocketChannel channel = connect(port);
          channel.configureBlocking(false);
          SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
          Line line = new Line(channel, conversation);
          key.attach(line);
          open += line.begin(key) ? 1 : 0;
        }
        while (open > 0) {
          selector.select();
          for (SelectionKey key : selector.selectedKeys()) {
            if (!((Line) key.attachment()).goOn(key)) {
              key.cancel();
              open--;
            }
          }
          selector.selectedKeys().clear();
        }
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the same conversation on several connections. */
  static void run(int port, int connections, Conversation conversation) {
    run(port, Collections.nCopies(connections, conversation));
  }

  /** Sends one request and returns the answer, which must say that all is well. */
  static HttpMessage ask(int port, byte[] request) {
    HttpMessage[] got = new HttpMessage[1];
    run(
        port,
        1,
        answer -> {
          got[0] = answer;
          return answer == null ? request : null;
        });
    return got[0].orThrow();
  }

  /** A connection to this machine that sends what it is given at once. */
  static SocketChannel connect(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }
}
