package dev.pitstop.server.webhook;

import dev.pitstop.PitstopException;
import dev.pitstop.lines.Texts;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.metrics.Meters;
import dev.pitstop.webhook.Post;
import dev.pitstop.webhook.Reply;
import dev.pitstop.webhook.Sender;
import dev.pitstop.webhook.Target;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Emits messages by HTTP, each queue to a target of its own: that of the configuration, or else the
 * one that was set through the API. Each has a listener of its own and a number of posts at once,
 * so that a target that does not answer holds up no other. Thread-safe.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  /** So many targets that were replaced or removed may have posts under way. */
  private static final int MOST_ENDING = 256;

  /**
   * What holds for all targets.
   *
   * @param allowPrivate whether targets that are set through the API may be in private networks
   * @param trusted certificates that targets are trusted by, besides those that the Java machine
   *     trusts
   */
  public record Settings(boolean allowPrivate, List<X509Certificate> trusted) {
    /** Copies. */
    public Settings {
      trusted = List.copyOf(trusted);
    }

    /** No private networks, and no certificates but those that the Java machine trusts. */
    public static Settings defaults() {
      return new Settings(false, List.of());
    }
  }

  /** How a queue's target stands with this process. */
  sealed interface Standing {
    /** Messages are posted to it. */
    record Running(Webhook webhook) implements Standing {}

    /** It was set through the API and cannot be read here, so nothing is posted. */
    @SuppressWarnings("ArrayRecordComponent") // compared by sameAs
    record Unreadable(byte[] json, String reason) implements Standing {
      boolean sameAs(Unreadable other) {
        return Arrays.equals(json, other.json);
      }
    }
  }

  private final Node node;
  private final Meters meters;
  private final Settings settings;
  private final Map<String, Target> configured;
  private final Set<String> elsewhere;
  private final Sender sender;
  private final StoredTargets stored;
  private final TargetWatch watch;
  private final ConcurrentMap<String, Standing> standings = new ConcurrentHashMap<>();
  private final List<Webhook> ending = new ArrayList<>(); // the oldest first; guarded by this
  private boolean stopped; // guarded by this

  /**
   * Those of a node; nothing is posted yet.
   *
   * @param configured the targets of the configuration, by the names of their queues
   * @param elsewhere the queues whose messages the configuration has go elsewhere; they have no
   *     target
   * @throws PitstopException when the certificates cannot be used
   */
  public Webhooks(
      Node node,
      Meters meters,
      Settings settings,
      Map<String, Target> configured,
      Set<String> elsewhere) {
    this.node = node;
    this.meters = meters;
    this.settings = settings;
    this.configured = Map.copyOf(configured);
    this.elsewhere = Set.copyOf(elsewhere);
    sender = new Sender(settings.trusted());
    stored = new StoredTargets(node);
    watch = new TargetWatch(node, stored, this);
  }

  /** Begins to post, and to follow what is set through the API. */
  public synchronized void begin() {
    configured.forEach(this::run);
    watch.begin();
  }

  /** What operators see of targets, and how they set, try and remove one. */
  public List<Route> routes() {
    return new TargetRoutes(node, this, stored, watch).routes();
  }

  /**
   * What everybody may see of a queue's target who may look at the queue, as JSON; empty without.
   */
  public Optional<byte[]> summary(String queue) {
    return of(queue).map(standing -> TargetViews.summary(standing).bytes());
  }

  Settings settings() {
    return settings;
  }

  /** Whether the configuration says where a queue's messages go. */
  boolean isConfigured(String queue) {
    return configured.containsKey(queue) || elsewhere.contains(queue);
  }

  /** How many queues have a target that this process knows. */
  int size() {
    return standings.size();
  }

  Optional<Standing> of(String queue) {
    return Optional.ofNullable(standings.get(queue));
  }

  CompletableFuture<Reply> send(Target target, Post post) {
    return sender.send(target, post);
  }

  /** Has exactly these targets be posted to besides those of the configuration, given as JSON. */
  synchronized void follow(Map<String, byte[]> targets) {
    if (stopped) {
      return;
    }
    for (String queue : List.copyOf(standings.keySet())) {
      if (!isConfigured(queue) && !targets.containsKey(queue)) {
        end(standings.remove(queue));
        LOG.info("{}: messages are no longer posted, as its target was removed", queue);
      }
    }
    targets.forEach(
        (queue, json) -> {
          if (!isConfigured(queue)) {
            follow(queue, json);
          }
        });
  }

  private void follow(String queue, byte[] json) {
    try {
      Reserved.refuse(queue);
      Target target = allowed(TargetJson.parse(json));
      Standing before = standings.get(queue);
      if (!(before instanceof Standing.Running running
          && running.webhook().target().equals(target))) {
        end(before);
        run(queue, target);
        LOG.info("{}: messages are posted to {}, set through the API", queue, target);
      }
    } catch (PitstopException | Problem e) {
      unreadable(queue, json, String.valueOf(e.getMessage()));
    }
  }

  /** A target that was set where private networks are allowed is kept out of them here. */
  private Target allowed(Target target) {
    return settings.allowPrivate() ? target : target.guarded();
  }

  private void unreadable(String queue, byte[] json, String reason) {
    Standing.Unreadable now = new Standing.Unreadable(json, reason);
    Standing before = standings.put(queue, now);
    if (before instanceof Standing.Unreadable same && same.sameAs(now)) {
      return;
    }
    end(before);
    LOG.warn("{}: its target cannot be read, so nothing is posted: {}", queue, Texts.shown(reason));
  }

  private void run(String queue, Target target) {
    standings.put(
        queue,
        new Standing.Running(
            new Webhook(
                node.pitstop().queue(queue),
                node.options().apply(queue),
                target,
                sender,
                meters,
                node::now)));
    if (target.secrets().isEmpty()) {
      LOG.warn("{}: posts to {} are not signed, as there is no secret", queue, target);
    }
  }

  /** Posts nothing new to a target; what is under way has all the time it needs. */
  private void end(@Nullable Standing before) {
    if (before instanceof Standing.Running running) {
      Webhook webhook = running.webhook();
      ending.add(webhook);
      webhook.end().whenComplete((done, failure) -> ended(webhook));
      if (ending.size() > MOST_ENDING) {
        ending.get(0).stop(Duration.ZERO);
      }
    }
  }

  private synchronized void ended(Webhook webhook) {
    ending.remove(webhook);
  }

  /**
   * Posts nothing new.
   *
   * @param drain how long posts under way may take
   * @return completes when they have come to their end or the time is over
   */
  public synchronized CompletableFuture<Void> stop(Duration drain) {
    stopped = true;
    watch.end();
    return CompletableFuture.allOf(
        all().stream().map(webhook -> webhook.stop(drain)).toArray(CompletableFuture[]::new));
  }

  private synchronized List<Webhook> all() {
    List<Webhook> all = new ArrayList<>(ending);
    for (Standing standing : standings.values()) {
      if (standing instanceof Standing.Running running) {
        all.add(running.webhook());
      }
    }
    return all;
  }

  /** Ends what is under way and gives it back; it is emitted again by whoever emits next. */
  @Override
  public void close() {
    sender.close();
    try {
      CompletableFuture.allOf(
              all().stream().map(Webhook::settled).toArray(CompletableFuture[]::new))
          .orTimeout(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      LOG.warn(
          "what was under way to targets comes again when its leases run out: {}", e.toString());
    }
  }
}
