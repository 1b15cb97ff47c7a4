package dev.pitstop.cli;

import dev.pitstop.Filter;
import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.StoredMessages;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code pitstop export QUEUE}. */
@Command(
    name = "export",
    description =
        "Writes the messages of a queue as lines of JSON that pitstop import reads, with their"
            + " schedules, attempts and errors. The queue keeps them.")
final class ExportCommand extends QueueCommand {
  /*
   * Bodies of the largest size fill 64 MiB a page.
   */
  private static final int PAGE = 64;

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    try (Output out = Output.standard()) {
      Optional<String> from = Optional.empty();
      do {
        Page<StoredMessage> page = Calls.await(queue.list(Filter.ALL, from, PAGE));
        page.items().forEach(message -> out.line(StoredMessages.export(message)));
        from = page.next();
      } while (from.isPresent());
    }
    return ExitCode.OK;
  }
}
