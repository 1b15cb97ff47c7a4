package dev.pitstop.server.http;

import dev.pitstop.PitstopException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
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
  private final Settings settings;
  private final Router router;
  private final Access access;
  private final Bodies bodies;
  private final AtomicInteger requests = new AtomicInteger();

  /**
   * How requests are taken. Immutable; each method returns a changed copy.
   *
   * @param host the address to listen on
   * @param port 0 for any that is free
   * @param tls the certificate; empty for plain HTTP
   * @param limits how much is taken at once
   */
  public record Settings(String host, int port, Optional<Tls> tls, Limits limits) {
    /** Plain HTTP at port 8025 of the loopback address. */
    public static Settings defaults() {
      return new Settings("127.0.0.1", 8025, Optional.empty(), Limits.defaults());
    }

    /** On another address. */
    public Settings host(String host) {
      return new Settings(host, port, tls, limits);
    }

    /** On another port; 0 for any that is free. */
    public Settings port(int port) {
      return new Settings(host, port, tls, limits);
    }

    /** Over TLS. */
    public Settings tls(Tls tls) {
      return new Settings(host, port, Optional.of(tls), limits);
    }

    /** Within other limits. */
    public Settings limits(Limits limits) {
      return new Settings(host, port, tls, limits);
    }
  }

  /**
   * A server that takes no requests yet.
   *
   * @throws PitstopException when its certificate cannot be used
   */
  public Web(Settings settings, Router router, Access access) {
    this.settings = settings;
    this.router = router;
    this.access = access;
    Limits limits = settings.limits();
    bodies = new Bodies(limits.bodyBytes(), limits.requestTime());
    QueuedThreadPool threads = new QueuedThreadPool(200, 4);
    threads.setName("pitstop-http");
    threads.setDaemon(true);
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1, protocols(http(limits)));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(limits.idle().toMillis());
    connector.addBean(new SlowRequests(limits.requestTime(), server.getScheduler()));
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(limits.connections(), server));
    server.setErrorHandler(new Errors(limits));
    server.setHandler(new GracefulHandler(new Dispatching()));
  }

  private static HttpConfiguration http(Limits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(limits.headerBytes());
    http.setHeaderCacheCaseSensitive(true); // a token is not another one in capitals
    http.setUriCompliance(
        UriCompliance.from("DEFAULT,AMBIGUOUS_PATH_SEPARATOR,AMBIGUOUS_PATH_ENCODING"));
    return http;
  }

  /** Over TLS plain HTTP is spoken as well, to say that it is not taken. */
  private ConnectionFactory[] protocols(HttpConfiguration http) {
    HttpConnectionFactory plain = new Connections(http);
    if (settings.tls().isEmpty()) {
      return new ConnectionFactory[] {plain};
    }
    SecureRequestCustomizer secure = new SecureRequestCustomizer();
    secure.setSniHostCheck(false); // which hosts are ours is known by their names
    http.addCustomizer(secure);
    Certificates certificates = new Certificates(settings.tls().get(), server.getScheduler());
    server.addBean(certificates);
    SslConnectionFactory tls =
        new SslConnectionFactory(certificates.context(), plain.getProtocol());
    return new ConnectionFactory[] {new DetectorConnectionFactory(tls), plain};
  }

  /**
   * Begins to take requests.
   *
   * @throws PitstopException when the port cannot be had
   */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new PitstopException(
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
      Request.addCompletionListener(request, failure -> requests.decrementAndGet());
      Exchange exchange = new Exchange(request, response, callback);
      int most = settings.limits().requests();
      if (requests.incrementAndGet() > most) {
        exchange.refuse(tooMany(most));
      } else if (settings.tls().isPresent() && !request.isSecure()) {
        exchange.refuse(notSecure());
      } else {
        exchange.lead(router, access, bodies, settings.limits());
      }
      return true;
    }
  }

  private static Problem tooMany(int most) {
    return Problem.of(
            Problem.Kind.RATE_LIMITED, "there must be at most " + most + " requests at once")
        .with("limit", Integer.toString(most))
        .header("Retry-After", "1");
  }

  private static Problem notSecure() {
    return Problem.of(Problem.Kind.BAD_REQUEST, "this port takes HTTPS only")
        .header("Connection", "close");
  }
}
