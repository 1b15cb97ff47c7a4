package dev.pitstop.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Stands between a client and a server, and passes bytes on. When told so, it cuts a connection in
 * place of passing on the answer to a call: the server has done its work then, and the client never
 * hears of it.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int SOME = 1 << 16;

  private final int server;
  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Semaphore cuts = new Semaphore(0);
  private volatile String path = "";

  CuttingProxy(int server) throws IOException {
    this.server = server;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String address() {
    return "http://localhost:" + socket.getLocalPort();
  }

  /** Cuts the answer to the next call of a path. */
  void cutAnswerTo(String cut) {
    path = cut;
  }

  /** Waits until an answer was cut. */
  void awaitCut() {
    cuts.acquireUninterruptibly();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
        open.add(client);
        open.add(behind);
        Connection connection = new Connection(client, behind);
        start(connection::requests);
        start(connection::answers);
      } catch (IOException e) {
        // it is closed, or the server is away: the client's next call shows it
      }
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  /** One connection: a request at a time, and its answer. */
  private final class Connection {
    private final Socket client;
    private final Socket behind;
    private volatile boolean cuts;

    Connection(Socket client, Socket behind) {
      this.client = client;
      this.behind = behind;
    }

    void requests() {
      pass(client, behind, true);
    }

    void answers() {
      pass(behind, client, false);
    }

    private void pass(Socket from, Socket to, boolean requests) {
      byte[] some = new byte[SOME];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(some); n >= 0; n = in.read(some)) {
          String text = new String(some, 0, n, StandardCharsets.ISO_8859_1);
          if (requests && !path.isEmpty() && text.startsWith("POST " + path + " ")) {
            path = "";
            cuts = true;
          }
          if (!requests && cuts) {
            CuttingProxy.this.cuts.release();
            return;
          }
          out.write(some, 0, n);
        }
      } catch (IOException e) {
        // the other side has ended it
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (Socket one : open) {
        one.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
