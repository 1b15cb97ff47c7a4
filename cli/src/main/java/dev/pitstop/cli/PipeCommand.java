package dev.pitstop.cli;

import dev.pitstop.ListenerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitstop pipe}. */
@Command(
    name = "pipe",
    description = {
      "Stores what comes on standard input and emits what is due on standard output.",
      "",
      "A line of input is a JSON object:",
      "  body       any JSON value",
      "  id         the same id again replaces the message. Default: random",
      "  headers    an object of strings",
      "and one of these, or none for now:",
      "  at         a time, as 2026-01-01T09:00:00Z or with another offset",
      "  in         a duration, as 500ms, 90s, 1h30m, 7d or PT15M",
      "  every      a duration; with from (a time; default: one interval from now)",
      "  cron       an expression; with zone (default: UTC) and from",
      "and for every and cron:",
      "  until      a time, from which on nothing is emitted",
      "  missed     each (default), latest or skip: what becomes of missed occurrences",
      "and for all:",
      "  ifPresent  replace (default), keep or fail: when the id is there already",
      "{\"remove\": \"id\"} removes a message. Lines that are not understood are told on standard"
          + " error; the others go on, and the exit code is 1 in the end.",
      "",
      "A line of output is a JSON object with queue, id, body, headers, scheduledFor, emittedAt,"
          + " attempt and token; with missed and lastError where there are any. A body that is not"
          + " JSON stands as bodyBase64 with its contentType. A message is acked once its line was"
          + " written and flushed.",
      "",
      "Runs until SIGTERM or Ctrl-C, finishes what is in hands, and exits with 0 (1 if lines were"
          + " refused)."
    })
final class PipeCommand extends StoreCommand {
  /*
   * Leases of what waits to be written are extended, so they may be short: after a crash the
   * messages come again that much sooner.
   */
  private static final String LEASE_TIME = "10s";

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      defaultValue = "default",
      description = "Name of the queue. Default: ${DEFAULT-VALUE}")
  private String queue = "";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "256",
      description =
          "How many emissions may be under way, not flushed and acked yet. Default: ${DEFAULT-VALUE}")
  private int concurrency;

  @Option(
      names = "--until-empty",
      description =
          "End when the input has ended and the queue has nothing left to emit. A recurring"
              + " message without an end never lets it.")
  private boolean untilEmpty;

  @Override
  ExitCode run() {
    ListenerOptions options =
        ListenerOptions.defaults()
            .concurrency(concurrency)
            .prefetch(concurrency)
            .leaseTime(leaseTime(LEASE_TIME));
    return new Pipe(this::open, input(), queue, options, untilEmpty).run();
  }
}
