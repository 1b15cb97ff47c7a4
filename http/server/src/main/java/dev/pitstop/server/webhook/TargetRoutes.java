package dev.pitstop.server.webhook;

import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.webhook.Webhooks.Standing;
import dev.pitstop.webhook.Post;
import dev.pitstop.webhook.Post.Header;
import dev.pitstop.webhook.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What operators see of targets, how they set and remove one, and a post to try it. Immutable. */
final class TargetRoutes {
  private static final String PATH = "/v1/queues/{queue}/target";
  private static final int MOST_TARGETS = 1_000;
  private static final int MOST_BYTES = 16 << 10;
  private static final byte[] TEST =
      "A test of Pitstop's; there is no message behind it.".getBytes(StandardCharsets.UTF_8);

  private final Node node;
  private final Webhooks webhooks;
  private final StoredTargets stored;
  private final TargetWatch watch;

  TargetRoutes(Node node, Webhooks webhooks, StoredTargets stored, TargetWatch watch) {
    this.node = node;
    this.webhooks = webhooks;
    this.stored = stored;
    this.watch = watch;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", PATH, Right.ADMIN, Set.of(), this::show),
        new Route("PUT", PATH, Right.ADMIN, Set.of(), this::put),
        new Route("DELETE", PATH, Right.ADMIN, Set.of(), this::remove),
        new Route("POST", PATH + ":test", Right.ADMIN, Set.of(), this::test));
  }

  private String queue(Call call) {
    return node.queue(call, Right.ADMIN).name();
  }

  private Standing standing(String queue) {
    return webhooks.of(queue).orElseThrow(() -> none(queue));
  }

  private static Problem none(String queue) {
    return Problem.of(Problem.Kind.NOT_FOUND, "the queue has no target").with("value", queue);
  }

  private CompletableFuture<Answer> show(Call call) {
    String queue = queue(call);
    Standing standing = standing(queue);
    return CompletableFuture.completedFuture(
        Answer.json(200, TargetViews.whole(standing, webhooks.isConfigured(queue)).bytes()));
  }

  private CompletableFuture<Answer> put(Call call) {
    String queue = queue(call);
    Optional<String> condition = call.header(Call.IF_NONE_MATCH);
    if (condition.isPresent()) {
      throw Call.unsupported(Call.IF_NONE_MATCH, condition.get());
    }
    refuseConfigured(queue);
    return call.body(MOST_BYTES)
        .thenCompose(
            body -> {
              Target target = TargetJson.parse(body);
              refuseOutOfBounds(queue, target);
              return stored.put(queue, target);
            })
        .thenCompose(created -> followed(outcome(queue, created)));
  }

  private static Answer outcome(String queue, boolean created) {
    JsonLine json =
        new JsonLine().text("queue", queue).text("outcome", created ? "created" : "replaced");
    return Answer.json(created ? 201 : 200, json.bytes());
  }

  private void refuseConfigured(String queue) {
    if (webhooks.isConfigured(queue)) {
      throw Problem.of(
              Problem.Kind.CONFIGURED,
              "where the queue's messages go is in the server's configuration")
          .with("value", queue);
    }
  }

  private void refuseOutOfBounds(String queue, Target target) {
    if (target.allowPrivate() && !webhooks.settings().allowPrivate()) {
      throw Problem.invalid(
          "allowPrivate", "must be false unless the server is set to allowPrivateTargets", true);
    }
    if (webhooks.of(queue).isEmpty() && webhooks.size() >= MOST_TARGETS) {
      throw Problem.invalid(
          "queue", "must be one of at most " + MOST_TARGETS + " that have a target", queue);
    }
  }

  private CompletableFuture<Answer> remove(Call call) {
    String queue = queue(call);
    refuseConfigured(queue);
    return stored
        .remove(queue)
        .thenCompose(
            there -> {
              if (!there) {
                throw none(queue);
              }
              return followed(Answer.empty(204));
            });
  }

  /** The answer, once this process does what it has changed; when it cannot look now, it will. */
  private CompletableFuture<Answer> followed(Answer answer) {
    return watch.look().handle((done, failure) -> answer);
  }

  private CompletableFuture<Answer> test(Call call) {
    String queue = queue(call);
    if (!(standing(queue) instanceof Standing.Running running)) {
      throw Problem.of(Problem.Kind.UNREADABLE, "the queue's target cannot be read")
          .with("value", queue);
    }
    Post post =
        new Post(
            "msg_test_" + UUID.randomUUID(),
            "text/plain",
            List.of(new Header("pitstop-queue", queue), new Header("pitstop-test", "true")),
            TEST);
    return webhooks
        .send(running.webhook().target(), post)
        .thenApply(reply -> Answer.json(200, TargetViews.reply(reply)));
  }
}
