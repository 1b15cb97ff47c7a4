package dev.pitstop.server.api;

import dev.pitstop.Filter;
import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.lines.Times;
import dev.pitstop.lines.Words;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Lists a queue's messages page by page. Immutable. */
final class Listing {
  /**
   * So many messages with their bodies are asked of the store at once: what is written of most of
   * them is short, and a page of a thousand large bodies would not fit the heap.
   */
  private static final int AT_ONCE = 50;

  private final Node node;

  Listing(Node node) {
    this.node = node;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/queues/{queue}/messages",
            Right.VIEW,
            Set.of("state", "from", "to", "prefix", "cursor", "limit", "view"),
            this::list));
  }

  private CompletableFuture<Answer> list(Call call) {
    MessageQueue<byte[]> queue = node.queue(call, Right.VIEW);
    int limit = Numbers.parse("limit", call.query("limit").orElse("50"), 1, 1_000);
    boolean full = call.query("view").map(word -> fullView(call, word)).orElse(false);
    Function<StoredMessage, byte[]> json =
        message ->
            (full
                    ? StoredMessages.json(queue.name(), message)
                    : StoredMessages.summary(queue.name(), message))
                .bytes();
    return new Walk(pages(call, queue), json, limit).from(call.query("cursor"));
  }

  /** What gives a page from a cursor on, with so many messages at most. */
  private interface Pages {
    CompletableFuture<Page<StoredMessage>> page(Optional<String> cursor, int limit);
  }

  private static Pages pages(Call call, MessageQueue<byte[]> queue) {
    Optional<String> prefix = call.query("prefix");
    if (prefix.isEmpty()) {
      Filter filter = filter(call);
      return (cursor, limit) -> queue.list(filter, cursor, limit);
    }
    for (String other : List.of("state", "from", "to")) {
      call.query(other)
          .ifPresent(
              value -> {
                throw Problem.invalid(other, "cannot be given with prefix", value);
              });
    }
    return (cursor, limit) -> queue.search(prefix.get(), cursor, limit);
  }

  private static Filter filter(Call call) {
    Filter filter = Filter.ALL;
    Optional<String> state = call.query("state");
    if (state.isPresent()) {
      filter = filter.state(Words.parse("state", State.class, state.get()));
    }
    Optional<String> from = call.query("from");
    if (from.isPresent()) {
      filter = filter.dueFrom(Times.parse("from", from.get()));
    }
    Optional<String> to = call.query("to");
    return to.isPresent() ? filter.dueBefore(Times.parse("to", to.get())) : filter;
  }

  /** Whether a message is to be shown with its body. */
  static boolean fullView(Call call, String word) {
    return switch (word) {
      case "full" -> {
        call.require(Right.CONSUME, call.name("queue"));
        Reserved.refuse(call.name("queue"));
        yield true;
      }
      case "summary" -> false;
      default -> throw Problem.invalid("view", "must be summary or full", word);
    };
  }

  /** One list that is put together from several pages. */
  private static final class Walk {
    private final Pages pages;
    private final Function<StoredMessage, byte[]> json;
    private final int limit;
    private final List<byte[]> items = new ArrayList<>();

    Walk(Pages pages, Function<StoredMessage, byte[]> json, int limit) {
      this.pages = pages;
      this.json = json;
      this.limit = limit;
    }

    CompletableFuture<Answer> from(Optional<String> cursor) {
      return pages
          .page(cursor, Math.min(AT_ONCE, limit - items.size()))
          .thenCompose(
              page -> {
                page.items().stream().map(json).forEach(items::add);
                return page.next().isPresent() && items.size() < limit
                    ? from(page.next())
                    : CompletableFuture.completedFuture(answer(page.next()));
              });
    }

    private Answer answer(Optional<String> next) {
      JsonLine line = new JsonLine().array("items", items);
      next.ifPresent(cursor -> line.text("next", cursor));
      return Answer.json(200, line.bytes());
    }
  }
}
