package dev.pitstop.server.relay;

import dev.pitstop.broker.Relay;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.broker.Relays;
import dev.pitstop.broker.Relays.Running;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.metrics.Meters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the configuration has queues take from brokers and emit to them, and how that fares here.
 * Thread-safe.
 */
public final class QueueRelays implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueueRelays.class);

  private final Node node;
  private final Meters meters;
  private final Map<String, RelaySettings> configured;
  private final ConcurrentMap<String, Relays> running = new ConcurrentHashMap<>();

  /**
   * Those of a node; nothing is relayed yet.
   *
   * @param configured by the names of queues
   */
  public QueueRelays(Node node, Meters meters, Map<String, RelaySettings> configured) {
    this.node = node;
    this.meters = meters;
    this.configured = Map.copyOf(configured);
  }

  /**
   * Begins to relay. A broker that is away is no error.
   *
   * @throws dev.pitstop.InvalidFieldException when what an address names, as a file, cannot be used
   */
  public void begin() {
    configured.forEach(this::begin);
  }

  private void begin(String queue, RelaySettings settings) {
    Relays relays =
        Relays.start(node.pitstop().queue(queue), node.options().apply(queue), settings);
    running.put(queue, relays);
    for (Running one : relays.running()) {
      meters.relay(queue, one.direction().word(), one.relay()::counters);
      LOG.info("{}: messages are relayed from {} to {}", queue, one.from(), one.to());
    }
  }

  /** What operators see of them. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/v1/queues/{queue}/relays", Right.ADMIN, Set.of(), this::show));
  }

  private CompletableFuture<Answer> show(Call call) {
    String queue = node.queue(call, Right.ADMIN).name();
    Relays relays = running.get(queue);
    List<byte[]> all =
        relays == null ? List.of() : relays.running().stream().map(QueueRelays::json).toList();
    return CompletableFuture.completedFuture(
        Answer.json(200, new JsonLine().text("queue", queue).array("relays", all).bytes()));
  }

  private static byte[] json(Running one) {
    Relay.Counters counters = one.relay().counters();
    JsonLine json =
        new JsonLine()
            .text("direction", one.direction().word())
            .text("from", one.from())
            .text("to", one.to())
            .number("relayed", counters.passed())
            .number("failed", counters.failed())
            .number("unsettled", counters.unsettled());
    one.relay()
        .lastFailure()
        .ifPresent(
            failure ->
                json.time("lastFailureAt", failure.at()).text("lastFailure", failure.reason()));
    return json.bytes();
  }

  /**
   * Takes nothing more.
   *
   * @param drain how long what is in flight may take
   * @return completes when nothing is in flight or the time is over
   */
  public CompletableFuture<Void> stop(Duration drain) {
    return CompletableFuture.allOf(
        running.values().stream()
            .map(relays -> relays.stop(drain))
            .toArray(CompletableFuture[]::new));
  }

  /** Ends all connections; what is in flight comes again. */
  @Override
  public void close() {
    running.values().forEach(Relays::close);
  }
}
