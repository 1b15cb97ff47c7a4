package dev.pitstop.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pitstop.Message;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.broker.tck.Refusal;
import dev.pitstop.broker.tck.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An HTTP target that keeps what is posted to a path and answers 200 then; to the path {@code
 * status-N} it answers N. Thread-safe.
 */
final class PlainTarget implements PlainBroker, AutoCloseable {
  private final String options;
  private final String secret;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, List<Message<byte[]>>> kept = new HashMap<>(); // guarded by this
  private int port; // guarded by this, as all below
  private int places;
  private boolean paused;
  private int starts;
  private HttpServer server;

  /**
   * Starts.
   *
   * @param options of its addresses
   * @param secret that posts to it are signed with
   */
  PlainTarget(String options, String secret) {
    this.options = options;
    this.secret = secret;
    this.server = started(0);
    this.port = server.getAddress().getPort();
  }

  private HttpServer started(int port) {
    int start = ++starts;
    HttpServer made = bound(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    made.setExecutor(threads);
    made.createContext("/", exchange -> answer(exchange, start));
    made.start();
    return made;
  }

  /** The port of one that was killed is free a moment later. */
  private static HttpServer bound(InetSocketAddress address) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        return HttpServer.create(address, 200);
      } catch (BindException e) {
        if (System.nanoTime() > end) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(10_000_000);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answer(HttpExchange exchange, int start) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String place = exchange.getRequestURI().getRawPath().substring(1);
    if (!awaitRunning(start)) {
      exchange.close();
      return;
    }
    int status = 200;
    if (place.startsWith("status-")) {
      status = Integer.parseInt(place.substring("status-".length()));
    } else {
      keep(place, exchange, body);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Waits while it is paused; false when it was killed meanwhile. */
  private synchronized boolean awaitRunning(int start) {
    try {
      while (paused && start == starts) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return start == starts;
  }

  private synchronized void keep(String place, HttpExchange exchange, byte[] body) {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, all) -> headers.put(name.toLowerCase(Locale.ROOT), all.get(0)));
    kept.computeIfAbsent(place, none -> new ArrayList<>())
        .add(
            new Message<>(
                body,
                Optional.ofNullable(headers.get("webhook-id")),
                headers,
                Optional.ofNullable(headers.get("content-type"))));
    notifyAll();
  }

  @Override
  public Set<Trait> traits() {
    return Set.of();
  }

  @Override
  public synchronized String freshPlace() {
    return "place-" + ++places;
  }

  @Override
  public synchronized String address(String place) {
    return "http://127.0.0.1:" + port + "/" + place + "?" + options;
  }

  @Override
  public String password() {
    return secret;
  }

  @Override
  public void put(String place, List<Message<byte[]>> messages) {
    throw new UnsupportedOperationException("nothing can be taken from a target");
  }

  @Override
  public synchronized List<Message<byte[]>> read(String place, int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    try {
      while (kept.getOrDefault(place, List.of()).size() < count && System.nanoTime() < end) {
        wait(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(kept.getOrDefault(place, List.of()));
  }

  @Override
  public long left(String place) {
    throw new UnsupportedOperationException("nothing can be taken from a target");
  }

  @Override
  public List<Refusal> refusals() {
    Message<byte[]> small = Message.of(new byte[] {1});
    return List.of(
        new Refusal("gone", address("status-410"), small, "410", true),
        new Refusal("not now", address("status-503"), small, "503", false),
        new Refusal("moved", address("status-302"), small, "302", false));
  }

  @Override
  public void kill() {
    HttpServer dying;
    synchronized (this) {
      starts++;
      paused = false;
      dying = server;
      notifyAll();
    }
    dying.stop(0);
  }

  @Override
  public synchronized void restart() {
    server = started(port);
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
    notifyAll();
  }

  @Override
  public void close() {
    kill();
    threads.shutdownNow();
  }
}
