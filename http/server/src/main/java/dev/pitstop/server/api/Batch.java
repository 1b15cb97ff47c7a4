package dev.pitstop.server.api;

import dev.pitstop.Deferral;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreResult;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Lines;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Stores and removes by lines of JSON, as {@code pitstop pipe} takes them, with a line of answer
 * for each, in the same order. Immutable.
 */
final class Batch {
  private final Node node;
  private final Bounds bounds;

  Batch(Node node, Bounds bounds) {
    this.node = node;
    this.bounds = bounds;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "POST", "/v1/queues/{queue}/messages:batch", Right.STORE, Set.of(), this::answer));
  }

  private CompletableFuture<Answer> answer(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.STORE);
    boolean mayRemove = call.caller().may(Right.ADMIN, queue.name());
    call.header(Idempotency.HEADER)
        .ifPresent(
            key -> {
              throw Problem.invalid(
                  Idempotency.HEADER, "is not taken with a batch; give the lines ids", key);
            });
    return call.body(bounds.batchBytes())
        .thenCompose(
            body -> {
              refuseManyLines(body);
              return new Run(queue, mayRemove).of(body);
            });
  }

  private void refuseManyLines(byte[] body) {
    int lines = 1;
    for (byte b : body) {
      if (b == '\n' && ++lines > bounds.batchLines()) {
        throw Problem.of(
                Problem.Kind.BODY_TOO_LARGE,
                "a batch must have at most " + bounds.batchLines() + " lines")
            .with("field", "body")
            .with("limit", Integer.toString(bounds.batchLines()));
      }
    }
  }

  /** One batch: puts that follow one another become one call. */
  private static final class Run {
    private final MessageQueue<byte[]> queue;
    private final boolean mayRemove;
    private final List<CompletableFuture<List<JsonLine>>> answers = new ArrayList<>();
    private List<Deferral<byte[]>> puts = new ArrayList<>();
    private List<Long> lines = new ArrayList<>();

    Run(MessageQueue<byte[]> queue, boolean mayRemove) {
      this.queue = queue;
      this.mayRemove = mayRemove;
    }

    CompletableFuture<Answer> of(byte[] body) {
      long line = 0;
      for (int start = 0; start < body.length; ) {
        int end = start;
        while (end < body.length && body[end] != '\n') {
          end++;
        }
        line++;
        if (!isBlank(body, start, end)) {
          take(line, Arrays.copyOfRange(body, start, end));
        }
        start = end + 1;
      }
      store();
      return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
          .thenApply(
              all ->
                  Messages.lines(answers.stream().flatMap(some -> some.join().stream()).toList()));
    }

    private void take(long line, byte[] text) {
      try {
        Lines.Request request = Lines.parse(text);
        if (request instanceof Lines.Put put) {
          puts.add(put.deferral());
          lines.add(line);
        } else if (request instanceof Lines.Remove remove) {
          store();
          answers.add(remove(line, remove.id()));
        }
      } catch (PitstopException e) {
        store();
        answers.add(
            CompletableFuture.completedFuture(
                List.of(Messages.refused(new JsonLine().number("line", line), e))));
      }
    }

    private CompletableFuture<List<JsonLine>> remove(long line, String id) {
      JsonLine json = new JsonLine().number("line", line);
      if (!mayRemove) {
        return CompletableFuture.completedFuture(
            List.of(Messages.refused(json, Messages.needsAdmin(queue.name()))));
      }
      return queue
          .remove(id)
          .handle(
              (there, failure) ->
                  List.of(
                      failure == null
                          ? json.number("status", there ? 204 : 404).text("id", id)
                          : Messages.refused(json, failure)));
    }

    private void store() {
      if (puts.isEmpty()) {
        return;
      }
      List<Long> numbers = lines;
      answers.add(
          queue
              .storeAll(puts)
              .thenApply(
                  results -> {
                    List<JsonLine> said = new ArrayList<>(results.size());
                    for (int i = 0; i < results.size(); i++) {
                      StoreResult result = results.get(i);
                      said.add(Messages.outcome(numbers.get(i), result));
                    }
                    return said;
                  }));
      puts = new ArrayList<>();
      lines = new ArrayList<>();
    }

    private static boolean isBlank(byte[] body, int start, int end) {
      for (int i = start; i < end; i++) {
        if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
          return false;
        }
      }
      return true;
    }
  }
}
