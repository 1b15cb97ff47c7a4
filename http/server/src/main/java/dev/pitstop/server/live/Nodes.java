package dev.pitstop.server.live;

import dev.pitstop.Filter;
import dev.pitstop.Listener;
import dev.pitstop.ListenerHealth;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.Json;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.spi.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a store. Where several processes can share it, each stores every five seconds, in
 * a queue that servers keep, how it fares, and counts as gone when it has not for thirty.
 * Thread-safe.
 */
final class Nodes {
  private static final Logger log = LoggerFactory.getLogger(Nodes.class);
  private static final Duration SEEN = Duration.ofSeconds(30);
  private static final double PART = 0.99;
  private static final int MOST = 1_000;

  private final Node node;
  private final Meters meters;
  private final String self;
  private final Instant started = Instant.now();
  private final boolean shared;
  private volatile boolean closed;

  /**
   * Those of a store.
   *
   * @param self names this process; never the name of another, nor of one before
   */
  Nodes(Node node, Meters meters, String self) {
    this.node = node;
    this.meters = meters;
    this.self = self;
    this.shared = node.store().capabilities().contains(Capability.SHARED);
  }

  List<Route> routes() {
    return List.of(new Route("GET", "/v1/nodes", Right.VIEW, Set.of(), this::list));
  }

  /** Tells the others that this one lives; to be called every five seconds. */
  void beat() {
    if (!shared || closed) {
      return;
    }
    Message<byte[]> message =
        Message.of(json(node.now()).bytes()).id(self).contentType(Json.MEDIA_TYPE);
    queue()
        .store(message, node.now().plus(SEEN))
        .whenComplete(
            (stored, failure) -> {
              if (failure != null) {
                log.debug("other servers do not hear of this one", failure);
              }
            });
  }

  /** Removes those that are gone for good. */
  CompletableFuture<Void> sweep() {
    return shared ? Expired.remove(queue()) : CompletableFuture.completedFuture(null);
  }

  /** Tells the others that this one ends. */
  CompletableFuture<Boolean> close() {
    closed = true;
    return shared ? queue().remove(self) : CompletableFuture.completedFuture(false);
  }

  private CompletableFuture<Answer> list(Call call) {
    call.require(Right.VIEW, "*");
    Instant now = node.now();
    byte[] mine = json(now).flag("self", true).bytes();
    if (!shared) {
      return CompletableFuture.completedFuture(answer(List.of(mine), now));
    }
    return queue()
        .list(Filter.of(State.SCHEDULED).dueFrom(now), Optional.empty(), MOST)
        .thenApply(
            page -> {
              List<byte[]> items = new ArrayList<>(List.of(mine));
              page.items().stream()
                  .filter(message -> !message.id().equals(self) && isOne(message))
                  .forEach(message -> items.add(message.body()));
              return answer(items, now);
            });
  }

  /** What others than servers may have stored is not passed on as JSON if it is none. */
  private static boolean isOne(StoredMessage message) {
    return Json.isValue(message.body()) && Json.fitsLine(message.body());
  }

  private static Answer answer(List<byte[]> items, Instant now) {
    return Answer.json(200, new JsonLine().array("items", items).time("asOf", now).bytes());
  }

  private JsonLine json(Instant now) {
    List<byte[]> listeners =
        node.pitstop().listeners().stream()
            .filter(listener -> !Reserved.is(listener.queue()))
            .map(Nodes::json)
            .toList();
    return new JsonLine()
        .text("node", self)
        .text("name", name())
        .text("version", version())
        .time("started", started)
        .time("seen", now)
        .number("latenessMillis", meters.lateness().of(PART).toMillis())
        .number("storeCallMicros", meters.storeCalls().of(PART).toNanos() / 1_000)
        .number("clockErrorMillis", Duration.between(now, Instant.now()).toMillis())
        .array("listeners", listeners);
  }

  private static byte[] json(Listener listener) {
    ListenerHealth health = listener.health();
    return new JsonLine()
        .text("queue", listener.queue())
        .flag("healthy", health.healthy())
        .time("since", health.since())
        .bytes();
  }

  /** What people call it: its machine and process. */
  private static String name() {
    String host = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
    return host + ":" + ProcessHandle.current().pid();
  }

  private static String version() {
    Package here = Nodes.class.getPackage();
    return Optional.ofNullable(here.getImplementationVersion()).orElse("unknown");
  }

  private MessageQueue<byte[]> queue() {
    return node.pitstop().queue(Reserved.PREFIX + "nodes");
  }
}
