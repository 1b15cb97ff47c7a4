package dev.pitstop.cli;

import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code pipe}: standard input into a queue, and what is due to standard output. */
final class Pipe {
  private static final Logger LOG = LoggerFactory.getLogger(Pipe.class);

  /** How long the input and the output each have to come to their end. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Supplier<Pitstop> open;
  private final LineReader lines;
  private final String queueName;
  private final ListenerOptions options;
  private final boolean untilEmpty;
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  private final Progress progress = new Progress();
  private final Refusals refusals = new Refusals(System.err, progress::stop);

  /**
   * A pipe that is not running yet.
   *
   * @param options with their lease time
   */
  Pipe(
      Supplier<Pitstop> open,
      LineReader lines,
      String queueName,
      ListenerOptions options,
      boolean untilEmpty) {
    this.open = open;
    this.lines = lines;
    this.queueName = queueName;
    this.options = options;
    this.untilEmpty = untilEmpty;
  }

  /** Runs until the end: of the process, of the output, or of what is there to do. */
  ExitCode run() {
    GracefulEnd end = new GracefulEnd(progress::stop, LONGEST_END);
    ExitCode exit = ExitCode.UNAVAILABLE;
    try {
      exit = pump();
      return exit;
    } finally {
      end.reached(exit);
    }
  }

  private ExitCode pump() {
    try (Pitstop pitstop = open.get()) {
      MessageQueue<byte[]> queue = pitstop.queue(queueName);
      Emissions emissions =
          new Emissions(
              Output.standard(),
              options.concurrency(),
              options.leaseTime().orElseThrow(),
              progress);
      queue.deliveries(options).subscribe(emissions);
      Thread input = new Thread(new Input(lines, queue, refusals, progress), "pitstop-input");
      input.setDaemon(true);
      input.start();

      if (untilEmpty) {
        progress.awaitStopOrEmpty(() -> isEmpty(queue));
      } else {
        progress.awaitStop();
      }
      progress.stop();
      progress.awaitInput(DRAIN);
      emissions.endWithin(DRAIN);
      pitstop.close(DRAIN.plusSeconds(2));
      emissions.failure().ifPresent(refusals::outputFailed);
    }
    return refusals.exit();
  }

  private static boolean isEmpty(MessageQueue<byte[]> queue) {
    try {
      QueueStats stats = Calls.await(queue.stats());
      return stats.scheduled() == 0 && stats.leased() == 0;
    } catch (StoreUnavailableException e) {
      LOG.debug("cannot tell whether {} is empty", queue.name(), e);
      return false;
    }
  }
}
