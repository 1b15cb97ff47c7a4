package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import picocli.CommandLine.Parameters;

/** A command that works on one queue of a store that is there. */
abstract class QueueCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
  private String queue = "";

  /** Does it. */
  abstract ExitCode run(MessageQueue<byte[]> queue);

  @Override
  final ExitCode run() {
    try (Pitstop pitstop = openExisting()) {
      return run(pitstop.queue(queue));
    }
  }
}
