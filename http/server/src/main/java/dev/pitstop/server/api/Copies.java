package dev.pitstop.server.api;

import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreResult;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.ImportLine;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Exact copies of messages, as {@code pitstop export} writes and {@code pitstop import} reads them:
 * to keep one before it is changed, and to have it back as it stood. Immutable.
 */
final class Copies {
  private final Node node;
  private final long mostBytes;

  /** Copies of so many bytes in one call at most. */
  Copies(Node node, long mostBytes) {
    this.node = node;
    this.mostBytes = mostBytes;
  }

  List<Route> routes() {
    List<Route> routes =
        new ArrayList<>(Messages.one("GET", "export", Right.CONSUME, Set.of(), this::export));
    routes.add(
        new Route(
            "POST", "/v1/queues/{queue}/messages:restore", Right.ADMIN, Set.of(), this::restore));
    return routes;
  }

  private CompletableFuture<Answer> export(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.CONSUME);
    return Messages.found(queue, call.name("id"))
        .thenApply(
            message ->
                Answer.of(200, "application/x-ndjson", StoredMessages.export(message).bytes()));
  }

  /** Stores each line's message as it stood; one that is there is replaced, a leased one too. */
  private CompletableFuture<Answer> restore(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.ADMIN);
    return call.body(mostBytes).thenCompose(body -> restore(queue, body));
  }

  private static CompletableFuture<Answer> restore(MessageQueue<byte[]> queue, byte[] body) {
    List<JsonLine> said = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    List<StoredMessage> messages = new ArrayList<>();
    long number = 0;
    for (String line : new String(body, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonLine json = new JsonLine().number("line", number);
      try {
        messages.add(ImportLine.parse(line.getBytes(StandardCharsets.UTF_8)));
        places.add(said.size());
        said.add(json);
      } catch (PitstopException e) {
        said.add(Messages.refused(json, e));
      }
    }
    return queue
        .restoreAll(messages)
        .thenApply(
            results -> {
              for (int i = 0; i < results.size(); i++) {
                tell(said.get(places.get(i)), results.get(i));
              }
              return Messages.lines(said);
            });
  }

  private static void tell(JsonLine json, StoreResult result) {
    if (result instanceof StoreResult.Failure failure) {
      Messages.refused(json, failure.failure());
    } else if (result instanceof StoreResult.Success success) {
      Messages.stored(json, success.stored());
    }
  }
}
