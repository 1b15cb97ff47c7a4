package dev.pitstop.cli;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.broker.Relays;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitstop relay}. */
@Command(
    name = "relay",
    description = {
      "Takes messages from a broker into a queue, and emits what is due in it to a broker.",
      "",
      "  --from with --through          takes only",
      "  --to with --through            emits only",
      "  both with --through            defers messages on their way",
      "  both without                   passes messages on as they are",
      "",
      "A place is as rabbitmq://USER:PASSWORD@HOST:PORT/QUEUE; docs/brokers.md has those that are"
          + " known, and their options. In the path of one to send to, {id} stands for the message's"
          + " id and {header:NAME} for one of its headers.",
      "",
      "When a message is due is said by its headers: pitstop-at (a time), pitstop-delay (a"
          + " duration), pitstop-every or pitstop-cron with pitstop-zone, pitstop-from,"
          + " pitstop-until and pitstop-missed, or x-delay (milliseconds); without, it is due now."
          + " pitstop-id names it, pitstop-if-present is replace, keep or fail, pitstop-remove"
          + " alone removes the one of that id. None of these is passed on. A message whose headers"
          + " are not understood goes to --misfits with the reason in pitstop-error, and without"
          + " --misfits is nacked.",
      "",
      "A message is acked where it comes from once it is kept where it goes, so each arrives at"
          + " least once. A broker or a store that is away is told and tried again.",
      "",
      "Runs until SIGTERM or Ctrl-C: takes nothing more, finishes what is in flight, and exits with"
          + " 0. What is not finished within --drain comes again. Each minute in which something was"
          + " done, and in the end, a line on standard error says how much."
    })
final class RelayCommand extends StoreCommand {
  /** For the closing of the store and of connections, after the drain. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(10);

  @Option(
      names = "--from",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PITSTOP_RELAY_FROM:-}",
      description = "Place to take from. Default: $PITSTOP_RELAY_FROM")
  private String from = "";

  @Option(names = "--through", paramLabel = "QUEUE", description = "Queue of the store.")
  private String through = "";

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PITSTOP_RELAY_TO:-}",
      description = "Place to emit to. Default: $PITSTOP_RELAY_TO")
  private String to = "";

  @Option(
      names = "--misfits",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PITSTOP_RELAY_MISFITS:-}",
      description =
          "Place for messages whose headers are not understood. Default: $PITSTOP_RELAY_MISFITS")
  private String misfits = "";

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "How many messages each way are passed on at once at most; bounds the memory that large"
              + " ones take. Default: ${DEFAULT-VALUE}")
  private int inFlight;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "How long the end waits for what is in flight, at most an hour. Default:"
              + " ${DEFAULT-VALUE}")
  private String drain = "";

  @Override
  ExitCode run() {
    RelaySettings settings = settings();
    Duration patience = drain();
    RelayRun run = new RelayRun(patience);
    GracefulEnd end = new GracefulEnd(run::stop, patience.plus(LAST_WRITES));
    ExitCode exit = ExitCode.UNAVAILABLE;
    try {
      if (through.isEmpty()) {
        run.until(Relays.straight(settings));
      } else {
        runThrough(run, settings);
      }
      exit = ExitCode.OK;
      return exit;
    } finally {
      end.reached(exit);
    }
  }

  private void runThrough(RelayRun run, RelaySettings settings) {
    ListenerOptions options = ListenerOptions.defaults().leaseTime(leaseTime("1m"));
    try (Pitstop pitstop = open()) {
      run.until(Relays.start(pitstop.queue(through), options, settings));
      pitstop.close(LAST_WRITES.dividedBy(2));
    }
  }

  private RelaySettings settings() {
    if (from.isEmpty() && to.isEmpty()) {
      throw new InvalidFieldException("--from or --to", "must be given", "neither");
    }
    if (through.isEmpty() && (from.isEmpty() || to.isEmpty())) {
      throw new InvalidFieldException(
          "--through", "must be given unless both --from and --to are", "nothing");
    }
    if (!misfits.isEmpty() && (through.isEmpty() || from.isEmpty())) {
      throw new InvalidFieldException(
          "--misfits", "must be given with --from and --through only", "given");
    }
    Usage.upTo(Relay.MOST_IN_FLIGHT, "--in-flight", inFlight);
    return new RelaySettings(
        from.isEmpty() ? List.of() : List.of(from), given(misfits), given(to), inFlight);
  }

  private static Optional<String> given(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private Duration drain() {
    Duration patience = dev.pitstop.spi.Option.parseDuration("--drain", drain);
    Usage.upTo(Duration.ofHours(1).toMillis(), "--drain in milliseconds", patience.toMillis());
    return patience;
  }
}
