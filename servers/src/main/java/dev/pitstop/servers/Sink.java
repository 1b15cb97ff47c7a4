package dev.pitstop.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * An HTTP server on this machine that keeps what it is sent and answers as a test says.
 * Thread-safe.
 */
public final class Sink implements AutoCloseable {
  /** A request. */
  public static final class Got {
    private final HttpExchange exchange;
    private final byte[] body;
    private final long nanos = System.nanoTime();

    Got(HttpExchange exchange, byte[] body) {
      this.exchange = exchange;
      this.body = body;
    }

    /** The request, answered or not. */
    public HttpExchange exchange() {
      return exchange;
    }

    /** Its body. */
    public byte[] body() {
      return body;
    }

    /** When it came, by the machine's monotonic clock. */
    public long nanos() {
      return nanos;
    }

    /** The first value of a header; empty without. */
    public String header(String name) {
      return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }
  }

  /** How a request is answered. */
  @FunctionalInterface
  public interface Answers {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();

  /** One that keeps what it is sent, then answers. */
  public Sink(Answers answers) {
    this("http", create(HttpServer::create), answers);
  }

  private Sink(String scheme, HttpServer server, Answers answers) {
    this.scheme = scheme;
    this.server = server;
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          got.add(new Got(exchange, exchange.getRequestBody().readAllBytes()));
          answers.answer(exchange);
        });
    server.start();
  }

  /** One that always answers with a status and nothing else. */
  public static Sink of(int status) {
    return new Sink(exchange -> status(exchange, status));
  }

  /** One that is reached by TLS, and always answers with a status and nothing else. */
  public static Sink of(int status, TestCertificate certificate) throws GeneralSecurityException {
    SSLContext tls = certificate.serving();
    HttpServer server =
        create(
            (address, backlog) -> {
              HttpsServer made = HttpsServer.create(address, backlog);
              made.setHttpsConfigurator(new HttpsConfigurator(tls));
              return made;
            });
    return new Sink("https", server, exchange -> status(exchange, status));
  }

  /** Makes a server at an address that lets so many connections wait. */
  @FunctionalInterface
  private interface Maker {
    HttpServer at(InetSocketAddress address, int backlog) throws IOException;
  }

  private static HttpServer create(Maker maker) {
    try {
      return maker.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with a status and nothing else. */
  public static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** An address of it, with a query. */
  public URI url() {
    return URI.create(scheme + "://127.0.0.1:" + port() + "/hook?x=1");
  }

  /** The next request; waits for it for half a minute at most. */
  public Got next() throws InterruptedException {
    Got next = got.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was sent");
    }
    return next;
  }

  /** How many requests came that no test has taken. */
  public int left() {
    return got.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
