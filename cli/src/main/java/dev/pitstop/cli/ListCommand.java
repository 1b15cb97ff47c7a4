package dev.pitstop.cli;

import dev.pitstop.Filter;
import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.lines.Texts;
import dev.pitstop.lines.Times;
import dev.pitstop.lines.Words;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitstop list QUEUE}. */
@Command(
    name = "list",
    description = "Lists the messages of a queue: waiting ones by due time, then buried ones.")
final class ListCommand extends QueueCommand {
  private static final int PAGE = 100;
  private static final int MOST = 1_000_000;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      converter = StateConverter.class,
      description = "Only those that are scheduled, leased or buried.")
  private Optional<State> state = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many. Default: ${DEFAULT-VALUE}")
  private long limit;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    Table table = new Table("ID", "STATE", "DUE", "ATTEMPTS", "SCHEDULE", "LAST ERROR");
    try (Output out = Output.standard()) {
      Instant now = Instant.now();
      boolean more =
          each(
              queue,
              message -> {
                if (json) {
                  out.line(StoredMessages.json(queue.name(), message));
                } else {
                  row(table, message, now);
                }
              });
      if (!json) {
        table.print(out);
        out.flush();
        if (more) {
          System.err.println("pitstop: there are more; --limit shows more than " + limit);
        }
      }
      return ExitCode.OK;
    }
  }

  /** Whether there were more than the limit. */
  private boolean each(MessageQueue<byte[]> queue, Consumer<StoredMessage> each) {
    Optional<String> from = Optional.empty();
    Filter filter = state.map(Filter::of).orElse(Filter.ALL);
    for (long left = Usage.upTo(MOST, "--limit", limit); left > 0; ) {
      Page<StoredMessage> page = Calls.await(queue.list(filter, from, (int) Math.min(PAGE, left)));
      page.items().forEach(each);
      left -= page.items().size();
      from = page.next();
      if (from.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static void row(Table table, StoredMessage message, Instant now) {
    table.row(
        Texts.shown(message.id(), 60),
        Words.of(message.state()),
        message.state() == State.BURIED ? "-" : Times.isoAndDistance(message.due(), now),
        Integer.toString(message.attempts()),
        message.scheduleText().orElse("-"),
        message.lastError().map(error -> Texts.shown(error, 60)).orElse("-"));
  }
}
