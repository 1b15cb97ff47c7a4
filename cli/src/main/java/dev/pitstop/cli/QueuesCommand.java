package dev.pitstop.cli;

import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Times;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitstop queues}. */
@Command(name = "queues", description = "Shows the queues and how many messages each holds.")
final class QueuesCommand extends StoreCommand {
  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  ExitCode run() {
    try (Pitstop pitstop = openExisting();
        Output out = Output.standard()) {
      List<QueueStats> queues =
          pitstop.stats().stream().sorted(Comparator.comparing(QueueStats::queue)).toList();
      if (json) {
        queues.forEach(queue -> out.line(json(queue)));
      } else {
        table(queues).print(out);
      }
      return ExitCode.OK;
    }
  }

  private static JsonLine json(QueueStats queue) {
    JsonLine line =
        new JsonLine()
            .text("queue", queue.queue())
            .number("scheduled", queue.scheduled())
            .number("leased", queue.leased())
            .number("buried", queue.buried());
    queue.nextDue().ifPresent(due -> line.time("nextDue", due));
    return line;
  }

  private static Table table(List<QueueStats> queues) {
    Instant now = Instant.now();
    Table table = new Table("QUEUE", "SCHEDULED", "LEASED", "BURIED", "NEXT DUE");
    for (QueueStats queue : queues) {
      table.row(
          queue.queue(),
          Long.toString(queue.scheduled()),
          Long.toString(queue.leased()),
          Long.toString(queue.buried()),
          queue.nextDue().map(due -> Times.isoAndDistance(due, now)).orElse("-"));
    }
    return table;
  }
}
