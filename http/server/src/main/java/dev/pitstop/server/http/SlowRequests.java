package dev.pitstop.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections on which the headers of a request, or the handshake before the first, take too
 * long. Thread-safe.
 */
final class SlowRequests extends AbstractLifeCycle implements Connection.Listener {
  /*
   * The idle time alone does not do it: who sends a byte now and then is never idle. A parser is
   * looked at from another thread than its own, so a connection is closed only when two looks in a
   * row find it at the same request.
   */
  private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);

  private static final long BETWEEN_LOOKS_MILLIS = 500;

  private final Duration time;
  private final Scheduler scheduler;
  private final Map<HttpConnection, Watched> connections = new ConcurrentHashMap<>();
  private volatile boolean running;

  /** A connection since when it is open, and at the beginning of which request it was last seen. */
  private static final class Watched {
    final long opened = System.nanoTime();
    long seen; // touched by looks only
  }

  SlowRequests(Duration time, Scheduler scheduler) {
    this.time = time;
    this.scheduler = scheduler;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof HttpConnection http) {
      connections.put(http, new Watched());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    if (connection instanceof HttpConnection http) {
      connections.remove(http);
    }
  }

  @Override
  protected void doStart() {
    running = true;
    lookLater();
  }

  @Override
  protected void doStop() {
    running = false;
  }

  private void lookLater() {
    scheduler.schedule(this::look, BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!running) {
      return;
    }
    long now = System.nanoTime();
    connections.forEach(
        (connection, watched) -> {
          long begun = begun(connection, watched);
          if (begun != 0 && begun == watched.seen && now - begun > time.toNanos()) {
            LOG.debug("closing {}: a request takes longer than {}", connection, time);
            connection.getEndPoint().close();
          }
          watched.seen = begun;
        });
    lookLater();
  }

  /** When what is awaited on a connection began, as {@code System.nanoTime}; 0 for nothing. */
  private static long begun(HttpConnection connection, Watched watched) {
    HttpParser parser = connection.getParser();
    return switch (parser.getState()) {
      case METHOD, SPACE1, URI, SPACE2, REQUEST_VERSION, HEADER -> parser.getBeginNanoTime();
      case START -> connection.getMessagesIn() > 0 ? 0 : watched.opened;
      default -> 0;
    };
  }
}
