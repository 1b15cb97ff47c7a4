package dev.pitstop.server.live;

import dev.pitstop.Filter;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ObjectLine;
import dev.pitstop.lines.Times;
import dev.pitstop.lines.Words;
import dev.pitstop.server.http.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Messages that were chosen to have something done with them: the ids that were found, and by what
 * they were. What is stored later is never among them. Immutable.
 *
 * @param whole whether all that matched were found; otherwise there are more
 */
record Selection(
    String id, String queue, Matching matching, List<String> ids, boolean whole, Instant madeAt) {

  /**
   * What messages are chosen by.
   *
   * @param prefix what ids begin with
   * @param error what the last error begins with
   */
  record Matching(Filter filter, Optional<String> prefix, Optional<String> error) {
    private static final List<String> FIELDS = List.of("state", "from", "to", "prefix", "error");

    /** What a request says. */
    static Matching parse(byte[] json) {
      ObjectLine line = ObjectLine.parse(json, FIELDS);
      Filter filter = Filter.ALL;
      Optional<String> state = line.text("state");
      if (state.isPresent()) {
        filter = filter.state(Words.parse("state", State.class, state.get()));
      }
      Optional<String> from = line.text("from");
      if (from.isPresent()) {
        filter = filter.dueFrom(Times.parse("from", from.get()));
      }
      Optional<String> to = line.text("to");
      if (to.isPresent()) {
        filter = filter.dueBefore(Times.parse("to", to.get()));
      }
      Optional<String> error = line.text("error").map(Matching::withoutStar);
      if (error.filter(String::isEmpty).isPresent()) {
        throw Problem.invalid("error", "must not be empty", "\"\"");
      }
      return new Matching(filter, line.text("prefix"), error);
    }

    private static String withoutStar(String error) {
      return error.endsWith("*") ? error.substring(0, error.length() - 1) : error;
    }

    /** Whether a message matches as it stands. */
    boolean holds(StoredMessage message) {
      long due = message.due().toEpochMilli();
      boolean inWindow =
          message.state() == State.BURIED
              ? filter.buried()
              : due >= filter.firstMillis() && due < filter.endMillis();
      return inWindow
          && filter.state().filter(state -> state != message.state()).isEmpty()
          && prefix.filter(text -> !message.id().startsWith(text)).isEmpty()
          && error.filter(text -> !message.lastError().orElse("").startsWith(text)).isEmpty();
    }
  }

  /** What is shown of it, with some of its messages. */
  JsonLine json(Instant until, List<byte[]> samples) {
    return new JsonLine()
        .text("id", id)
        .text("queue", queue)
        .value(
            "count",
            new JsonLine()
                .number("value", ids.size())
                .text("relation", whole ? "exact" : "at-least")
                .bytes())
        .time("until", until)
        .array("samples", samples);
  }
}
