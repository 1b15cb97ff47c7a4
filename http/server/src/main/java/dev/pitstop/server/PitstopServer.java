package dev.pitstop.server;

import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.server.api.Api;
import dev.pitstop.server.api.Drain;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.console.Console;
import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.http.Router;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.live.Live;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.spi.Store;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A server over a store: an HTTP API, webhooks and a console. Thread-safe.
 *
 * <p>Several servers may work on one store that several processes can share; any of them answers
 * any request.
 */
public final class PitstopServer implements AutoCloseable {
  private static final int BLOCKING_THREADS = 64;
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private final Meters meters = new Meters();
  private final Drain stopping = new Drain();
  private final Pitstop pitstop;
  private final Live live;
  private final Web web;
  private final ScheduledExecutorService timer;
  private final ExecutorService blocking;

  private PitstopServer(ServerSettings settings) {
    AtomicReference<Store> opened = new AtomicReference<>();
    PitstopOptions options = PitstopOptions.defaults().maxBody(settings.maxBody());
    pitstop =
        Pitstop.open(
            settings.store(),
            options,
            store -> {
              Store measured = meters.around(store);
              opened.set(measured);
              return measured;
            });
    timer = Executors.newSingleThreadScheduledExecutor(daemons("pitstop-timer"));
    blocking = Executors.newFixedThreadPool(BLOCKING_THREADS, daemons("pitstop-ask"));
    Node node =
        new Node(
            pitstop,
            Objects.requireNonNull(opened.get()),
            timer,
            blocking,
            settings.maxBody(),
            stopping,
            queue -> ListenerOptions.defaults());
    live = new Live(node, meters);
    List<Route> routes = new ArrayList<>(Api.routes(node));
    routes.addAll(live.routes());
    routes.addAll(Console.routes());
    web = new Web(settings.web(), new Router(routes), Access.OPEN);
  }

  /**
   * Opens the store and begins to take requests.
   *
   * @throws dev.pitstop.StoreUnavailableException when the store cannot be opened
   * @throws java.io.UncheckedIOException when the port cannot be had
   */
  public static PitstopServer start(ServerSettings settings) {
    PitstopServer server = new PitstopServer(settings);
    try {
      server.web.start();
      return server;
    } catch (RuntimeException e) {
      server.close(Duration.ZERO);
      throw e;
    }
  }

  /** Where it is reached from this machine. */
  public URI address() {
    return URI.create("http://localhost:" + web.port() + "/");
  }

  /**
   * Takes no more requests, lets those under way and what is in hands come to their end within a
   * time, and closes the store.
   */
  public void close(Duration drain) {
    stopping.begin();
    web.close(drain);
    live.close(LAST_WRITES);
    pitstop.close(drain);
    timer.shutdownNow();
    blocking.shutdown();
    meters.close();
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(30));
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
