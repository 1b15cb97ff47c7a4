package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.ImportLine;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitstop import QUEUE}. */
@Command(
    name = "import",
    description =
        "Stores the messages that pitstop export wrote, read from standard input. One whose id the"
            + " queue holds is replaced. Leased ones become scheduled ones.")
final class ImportCommand extends StoreCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "Name of the queue.")
  private String name = "";

  @Override
  ExitCode run() {
    Refusals refusals = new Refusals(System.err, () -> {});
    try (Pitstop pitstop = open()) {
      MessageQueue<byte[]> queue = pitstop.queue(name);
      Writes<StoredMessage> writes =
          new Writes<>(batch -> queue.restoreAll(batch).thenApply(Writes::failures), refusals);
      try {
        read(refusals, writes);
      } catch (IOException e) {
        refusals.fail("standard input: " + e.getMessage());
      }
      writes.finish();
      try (Output out = Output.standard()) {
        out.line("imported " + writes.done());
      }
    }
    return refusals.exit();
  }

  private void read(Refusals refusals, Writes<StoredMessage> writes) throws IOException {
    LineReader lines = input();
    LineReader.Line line = lines.next();
    while (line != null && refusals.exit() != ExitCode.UNAVAILABLE) {
      if (!line.blank()) {
        add(line, refusals, writes);
      }
      line = lines.next();
    }
  }

  private static void add(LineReader.Line line, Refusals refusals, Writes<StoredMessage> writes) {
    try {
      byte[] bytes = line.content();
      writes.add(line.number(), bytes.length, ImportLine.parse(bytes));
    } catch (PitstopException e) {
      refusals.refuse(line.number(), e);
    }
  }
}
