package dev.pitstop.server.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A target on this machine that keeps what it is sent and answers as a test says. */
public final class Sink implements AutoCloseable {
  /** What was posted. */
  public static final class Got {
    private final HttpExchange exchange;
    private final byte[] body;
    private final long nanos = System.nanoTime();

    Got(HttpExchange exchange, byte[] body) {
      this.exchange = exchange;
      this.body = body;
    }

    HttpExchange exchange() {
      return exchange;
    }

    byte[] body() {
      return body;
    }

    long nanos() {
      return nanos;
    }

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
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();

  /** One that answers each request as a test says. */
  public Sink(Answers answers) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/hook?x=1");
  }

  /** The next post. */
  public Got next() throws InterruptedException {
    Got next = got.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was posted");
    }
    return next;
  }

  /** How many posts came that no test has taken. */
  public int left() {
    return got.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
