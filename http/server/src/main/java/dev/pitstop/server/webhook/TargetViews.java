package dev.pitstop.server.webhook;

import dev.pitstop.lines.JsonLine;
import dev.pitstop.server.webhook.Webhooks.Standing;
import dev.pitstop.webhook.Reply;
import dev.pitstop.webhook.Target;

/** Targets and what came of posts, as they are shown; never secrets, nor an address's query. */
final class TargetViews {
  private TargetViews() {}

  /** How a target fares: nothing of where it is, nor of what it answered but the status. */
  static JsonLine summary(Standing standing) {
    if (!(standing instanceof Standing.Running running)) {
      return new JsonLine().text("state", "unreadable");
    }
    Condition condition = running.webhook().condition();
    JsonLine json = new JsonLine().text("state", condition.word());
    condition
        .last()
        .ifPresent(
            last -> {
              json.number("failures", last.failures());
              if (last.reply().status() != 0) {
                json.number("status", last.reply().status());
              }
            });
    return json;
  }

  /** All that operators may see of a target. */
  static JsonLine whole(Standing standing, boolean configured) {
    JsonLine json = new JsonLine().text("from", configured ? "configuration" : "api");
    if (standing instanceof Standing.Unreadable unreadable) {
      return json.text("state", "unreadable").text("error", unreadable.reason());
    }
    Webhook webhook = ((Standing.Running) standing).webhook();
    Target target = webhook.target();
    Condition condition = webhook.condition();
    json.text("url", target.shown())
        .number("secrets", target.secrets().size())
        .number("timeoutMillis", target.timeout().toMillis())
        .number("concurrency", target.concurrency())
        .flag("allowPrivate", target.allowPrivate())
        .text("state", condition.word())
        .number("underWay", webhook.underWay())
        .number("p99Millis", condition.p99().toMillis());
    condition
        .last()
        .ifPresent(
            last ->
                json.number("failures", last.failures())
                    .time("lastAt", last.at())
                    .value("last", reply(last.reply())));
    return json;
  }

  /** What came of a post. */
  static byte[] reply(Reply reply) {
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
