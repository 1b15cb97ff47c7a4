package dev.pitstop.server.http;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/** Makes connections that are read by one thread at a time. Thread-safe. */
final class Connections extends HttpConnectionFactory {
  /*
   * A request that cannot be parsed is answered by another thread than the one that parsed it. The
   * answer done, a third reads on, while the first may still be about to give the buffer back: each
   * gives it back, or the third reads into it when it is another connection's already. So the third
   * waits for the first here. Other requests are not affected: they read on only when the first left.
   */

  Connections(HttpConfiguration http) {
    super(http);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new OneReader(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class OneReader extends HttpConnection {
    private final ReentrantLock reading = new ReentrantLock();

    OneReader(HttpConfiguration http, Connector connector, EndPoint endPoint) {
      super(http, connector, endPoint);
    }

    @Override
    public void onFillable() {
      reading.lock();
      try {
        super.onFillable();
      } finally {
        reading.unlock();
      }
    }
  }
}
