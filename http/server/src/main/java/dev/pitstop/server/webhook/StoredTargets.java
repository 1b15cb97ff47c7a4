package dev.pitstop.server.webhook;

import dev.pitstop.Filter;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Schedule;
import dev.pitstop.Stored;
import dev.pitstop.lines.Json;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.webhook.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The targets that were set through the API: messages of a queue that servers keep, each under the
 * name of the queue that it is for, and due at no time that comes. Thread-safe.
 */
final class StoredTargets {
  private static final int PAGE = 100;

  private final MessageQueue<byte[]> targets;

  StoredTargets(Node node) {
    targets = node.pitstop().queue(Reserved.PREFIX + "targets");
  }

  /** Sets a queue's target in place of the one before; says whether there was none. */
  CompletableFuture<Boolean> put(String queue, Target target) {
    Message<byte[]> message =
        Message.of(TargetJson.write(target)).id(queue).contentType(Json.MEDIA_TYPE);
    return targets
        .store(message, Schedule.LAST)
        .thenApply(stored -> stored.outcome() == Stored.Outcome.CREATED);
  }

  /** Takes a queue's target away; says whether there was one. */
  CompletableFuture<Boolean> remove(String queue) {
    return targets.remove(queue);
  }

  /** What is kept for each queue that has a target; whether it can be read is for others to see. */
  CompletableFuture<Map<String, byte[]>> all() {
    return all(Optional.empty(), new LinkedHashMap<>());
  }

  private CompletableFuture<Map<String, byte[]>> all(
      Optional<String> from, Map<String, byte[]> into) {
    return targets
        .list(Filter.ALL, from, PAGE)
        .thenCompose(
            page -> {
              page.items().forEach(message -> into.put(message.id(), message.body()));
              return page.next().isEmpty()
                  ? CompletableFuture.completedFuture(into)
                  : all(page.next(), into);
            });
  }
}
