package dev.pitstop.cli;

import dev.pitstop.Schedule;
import dev.pitstop.lines.Times;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pitstop next CRON}. */
@Command(name = "next", description = "Shows when a cron expression fires next, an instant a line.")
final class NextCommand extends BaseCommand {
  private static final int MOST = 10_000;

  @Parameters(
      index = "0",
      paramLabel = "CRON",
      description = "Five fields as in crontab(5), six with seconds first, or @daily and the like.")
  private String cron = "";

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Time zone whose local time counts. Default: ${DEFAULT-VALUE}")
  private String zone = "";

  @Option(
      names = "--after",
      paramLabel = "TIME",
      description = "Only instants later than this one. Default: now")
  private String after = "";

  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many. Default: ${DEFAULT-VALUE}")
  private int count;

  @Option(names = "--json", description = "All in one JSON array.")
  private boolean json;

  @Override
  ExitCode run() {
    int n = (int) Usage.upTo(MOST, "-n", count);
    Instant from = after.isEmpty() ? Instant.now() : Times.parse("--after", after);
    List<Instant> instants = Schedule.cron(cron, Times.zone("--zone", zone)).next(n, from);
    try (Output out = Output.standard()) {
      if (json) {
        out.line(
            instants.stream()
                .map(instant -> '"' + instant.toString() + '"')
                .collect(Collectors.joining(",", "[", "]")));
      } else {
        instants.forEach(instant -> out.line(instant.toString()));
      }
    }
    return ExitCode.OK;
  }
}
