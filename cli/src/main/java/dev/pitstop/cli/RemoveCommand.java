package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.lines.Texts;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitstop remove QUEUE ID...}. */
@Command(name = "remove", description = "Removes messages, in whatever state they are.")
final class RemoveCommand extends QueueCommand {
  @Parameters(index = "1..*", arity = "1..*", paramLabel = "ID", description = "Their ids.")
  private List<String> ids = List.of();

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    ExitCode exit = ExitCode.OK;
    try (Output out = Output.standard()) {
      for (String id : ids) {
        if (Calls.await(queue.remove(id))) {
          out.line("removed " + Texts.shown(id));
        } else {
          System.err.println(
              "pitstop: queue " + queue.name() + " holds no message " + Texts.shown(id));
          exit = ExitCode.REFUSED;
        }
      }
    }
    return exit;
  }
}
