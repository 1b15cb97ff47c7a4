package dev.pitstop.server;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.api.Api;
import dev.pitstop.server.api.Drain;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.console.Console;
import dev.pitstop.server.http.ProblemPages;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.http.Router;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.live.Live;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.server.openapi.OpenApi;
import dev.pitstop.server.relay.QueueRelays;
import dev.pitstop.server.security.Login;
import dev.pitstop.server.security.TokenAccess;
import dev.pitstop.server.store.StoreRoutes;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.webhook.Target;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * A server over a store: an HTTP API, webhooks, relays and a console. Thread-safe.
 *
 * <p>Several servers may work on one store that several processes can share; any of them answers
 * any request.
 */
public final class PitstopServer implements AutoCloseable {
  private static final int BLOCKING_THREADS = 64;
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private final Meters meters = new Meters();
  private final Drain stopping = new Drain();
  private final String address;
  private final Duration drain;
  private final Pitstop pitstop;
  private final Live live;
  private final QueueRelays relays;
  private final Webhooks webhooks;
  private final Router router;
  private final Web web;
  private final ScheduledExecutorService timer;
  private final ExecutorService blocking;

  private PitstopServer(ServerSettings settings) {
    settings.security().check(settings.web());
    refuseServer(settings.store());
    address = address(settings.web());
    drain = settings.drain();
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
            queue -> QueueSettings.options(settings.queues(), queue));
    Map<String, Target> targets = new LinkedHashMap<>();
    for (QueueSettings queue : settings.queues()) {
      queue.target().ifPresent(target -> targets.put(queue.queues().text(), target));
    }
    Map<String, RelaySettings> relayed = new LinkedHashMap<>();
    for (QueueSettings queue : settings.queues()) {
      if (!queue.relays().isNone()) {
        relayed.put(queue.queues().text(), queue.relays());
      }
    }
    relays = new QueueRelays(node, meters, relayed);
    webhooks = new Webhooks(node, meters, settings.targets(), targets, emitting(settings.queues()));
    live = new Live(node, meters, webhooks::summary);
    TokenAccess access = new TokenAccess(settings.security());
    List<Route> routes = new ArrayList<>(Api.routes(node, settings.bounds()));
    routes.addAll(new StoreRoutes(node, settings.bounds()).routes());
    routes.addAll(live.routes());
    routes.addAll(webhooks.routes());
    routes.addAll(relays.routes());
    routes.addAll(new Login(access).routes());
    routes.addAll(Console.routes());
    routes.addAll(OpenApi.routes());
    routes.addAll(ProblemPages.routes());
    router = new Router(routes);
    try {
      web = new Web(settings.web(), router, access);
    } catch (RuntimeException e) {
      timer.shutdownNow();
      webhooks.close();
      pitstop.close(Duration.ZERO);
      blocking.shutdown();
      meters.close();
      throw e;
    }
  }

  /** The queues whose messages go to brokers. */
  private static Set<String> emitting(List<QueueSettings> queues) {
    return queues.stream()
        .filter(queue -> queue.relays().emitTo().isPresent())
        .map(queue -> queue.queues().text())
        .collect(Collectors.toSet());
  }

  /**
   * Opens the store and begins to take requests.
   *
   * @throws dev.pitstop.PitstopException when others could reach it without a token and nobody said
   *     that this is meant, its certificate cannot be used, or the port cannot be had
   * @throws dev.pitstop.StoreUnavailableException when the store cannot be opened
   */
  public static PitstopServer start(ServerSettings settings) {
    PitstopServer server = new PitstopServer(settings);
    try {
      server.web.start();
      server.webhooks.begin();
      server.relays.begin();
      return server;
    } catch (RuntimeException e) {
      server.close(Duration.ZERO);
      throw e;
    }
  }

  /** Queues that servers keep for themselves are refused by another server. */
  private static void refuseServer(String store) {
    Address address = Address.parse(store);
    if (List.of("http", "https").contains(address.scheme())) {
      throw new InvalidFieldException("store", "must not be that of another server", address);
    }
  }

  /**
   * Where it is reached: from this machine, unless it listens on one address of another network.
   */
  public URI address() {
    return URI.create(address + ":" + web.port() + "/");
  }

  /** All that it answers. */
  List<Route> routes() {
    return router.routes();
  }

  private static String address(Web.Settings web) {
    String host = web.host();
    boolean here = List.of("127.0.0.1", "::1", "0.0.0.0", "::").contains(host);
    String name = here ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return (web.tls().isPresent() ? "https://" : "http://") + name;
  }

  /**
   * Takes no more requests, lets those under way and what is in hands come to their end within a
   * time, and closes the store.
   */
  public void close(Duration drain) {
    stopping.begin();
    CompletableFuture<Void> ended =
        CompletableFuture.allOf(relays.stop(drain), webhooks.stop(drain));
    web.close(drain);
    ended.join();
    relays.close();
    webhooks.close();
    live.close(LAST_WRITES);
    pitstop.close(drain);
    timer.shutdownNow();
    blocking.shutdown();
    meters.close();
  }

  @Override
  public void close() {
    close(drain);
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
