package dev.pitstop.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests and has their endpoints answer them. Thread-safe. */
public final class Web implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);

  private final Server server;
  private final ServerConnector connector;
  private final Router router;
  private final Access access;

  /**
   * How requests are taken.
   *
   * @param host the address to listen on
   * @param port 0 for any that is free
   * @param connections so many at once at most
   * @param headerBytes so many bytes of request line and headers at most
   * @param idle after how long a connection on which nothing comes is closed
   * @param bytesPerSecond a request whose body comes more slowly is ended
   */
  public record Settings(
      String host, int port, int connections, int headerBytes, Duration idle, int bytesPerSecond) {
    /** On the loopback address, with room for headers of 16 KiB and what goes around them. */
    public static Settings defaults() {
      return new Settings("127.0.0.1", 8025, 2_000, 64 << 10, Duration.ofSeconds(60), 64);
    }

    /** On another port; 0 for any that is free. */
    public Settings port(int port) {
      return new Settings(host, port, connections, headerBytes, idle, bytesPerSecond);
    }
  }

  /** A server that takes no requests yet. */
  public Web(Settings settings, Router router, Access access) {
    this.router = router;
    this.access = access;
    QueuedThreadPool threads = new QueuedThreadPool(200, 4);
    threads.setName("pitstop-http");
    threads.setDaemon(true);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.headerBytes());
    http.setMinRequestDataRate(settings.bytesPerSecond());
    http.setUriCompliance(
        UriCompliance.from("DEFAULT,AMBIGUOUS_PATH_SEPARATOR,AMBIGUOUS_PATH_ENCODING"));
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.idle().toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.connections(), server));
    server.setErrorHandler(new Errors());
    server.setHandler(new GracefulHandler(new Dispatching()));
  }

  /**
   * Begins to take requests.
   *
   * @throws UncheckedIOException when the port cannot be had
   */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on "
              + connector.getHost()
              + ":"
              + connector.getPort()
              + ": "
              + e.getMessage(),
          e);
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not start", e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Takes no more requests, waits for those under way for a time at most, and ends. */
  public void close(Duration drain) {
    try {
      server.setStopTimeout(drain.toMillis());
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP server did not stop cleanly", e);
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  /** Leads each request to its endpoint. */
  private final class Dispatching extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      String id = UUID.randomUUID().toString();
      CompletableFuture<Answer> answer;
      Callback ending = callback;
      try {
        Router.Found found = router.find(request.getMethod(), request.getHttpURI().getPath());
        Call call = new Call(request, id, found);
        call.authenticate(access);
        call.refuseUnknownParameters();
        answer = call.route().endpoint().answer(call);
        AtomicBoolean lost = new AtomicBoolean();
        Consumer<Throwable> whenLost =
            failure -> {
              if (lost.compareAndSet(false, true)) {
                call.lost();
              }
            };
        request.addFailureListener(whenLost);
        ending =
            Callback.from(
                callback::succeeded,
                failure -> {
                  whenLost.accept(failure);
                  callback.failed(failure);
                });
      } catch (RuntimeException | Error e) {
        answer = CompletableFuture.failedFuture(e);
      }
      Callback end = ending;
      answer.whenComplete(
          (done, failure) -> {
            Answer write = failure == null ? done : answer(failure, id, request);
            write(write, id, request, response, end);
          });
      return true;
    }
  }

  private static Answer answer(Throwable failure, String id, Request request) {
    Problem problem = Problem.of(failure);
    if (problem.kind() == Problem.Kind.INTERNAL) {
      LOG.error(
          "request {} ({} {}) failed",
          id,
          request.getMethod(),
          request.getHttpURI().getPath(),
          failure);
    }
    return problem.answer(id);
  }

  private static void write(
      Answer answer, String id, Request request, Response response, Callback callback) {
    try {
      response.setStatus(answer.status());
      answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      response.getHeaders().put("X-Request-Id", id);
      response.getHeaders().put("X-Content-Type-Options", "nosniff");
      Consumer<Stream> stream = answer.stream();
      if (stream != null) {
        stream.accept(new Stream(request, response, callback));
        return;
      }
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
      boolean head = request.getMethod().equals("HEAD");
      response.write(true, ByteBuffer.wrap(head ? new byte[0] : answer.body()), callback);
    } catch (RuntimeException | Error e) {
      callback.failed(e);
    }
  }
}
