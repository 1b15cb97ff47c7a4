package dev.pitstop.server.webhook;

import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.webhook.Post;
import dev.pitstop.webhook.Post.Header;
import dev.pitstop.webhook.Reply;
import dev.pitstop.webhook.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What operators see of targets, and a post to try one. Immutable. */
final class TargetRoutes {
  private static final String PATH = "/v1/queues/{queue}/target";
  private static final byte[] TEST =
      "A test of Pitstop's; there is no message behind it.".getBytes(StandardCharsets.UTF_8);

  private final Node node;
  private final Webhooks webhooks;

  TargetRoutes(Node node, Webhooks webhooks) {
    this.node = node;
    this.webhooks = webhooks;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", PATH, Right.ADMIN, Set.of(), this::show),
        new Route("POST", PATH + ":test", Right.ADMIN, Set.of(), this::test));
  }

  private Webhook webhook(Call call) {
    String queue = node.queue(call, Right.ADMIN).name();
    return webhooks
        .of(queue)
        .orElseThrow(
            () ->
                Problem.of(Problem.Kind.NOT_FOUND, "the queue has no target").with("value", queue));
  }

  private CompletableFuture<Answer> show(Call call) {
    Webhook webhook = webhook(call);
    Target target = webhook.target();
    Condition condition = webhook.condition();
    JsonLine json =
        new JsonLine()
            .text("url", target.shown())
            .number("secrets", target.secrets().size())
            .number("timeoutMillis", target.timeout().toMillis())
            .number("concurrency", target.concurrency())
            .flag("allowPrivate", target.allowPrivate())
            .number("underWay", webhook.underWay())
            .number("p99Millis", condition.p99().toMillis());
    condition
        .last()
        .ifPresent(
            last ->
                json.number("failures", last.failures())
                    .time("lastAt", last.at())
                    .value("last", reply(last.reply())));
    return CompletableFuture.completedFuture(Answer.json(200, json.bytes()));
  }

  private CompletableFuture<Answer> test(Call call) {
    Webhook webhook = webhook(call);
    Post post =
        new Post(
            "msg_test_" + UUID.randomUUID(),
            "text/plain",
            List.of(
                new Header("pitstop-queue", call.name("queue")),
                new Header("pitstop-test", "true")),
            TEST);
    return webhooks.send(webhook.target(), post).thenApply(reply -> Answer.json(200, reply(reply)));
  }

  private static byte[] reply(Reply reply) {
    JsonLine json = new JsonLine().text("outcome", reply.outcome().word());
    if (reply.status() != 0) {
      json.number("status", reply.status());
    }
    if (!reply.error().isEmpty()) {
      json.text("error", reply.error());
    }
    return json.number("tookMillis", reply.took().toMillis()).bytes();
  }
}
