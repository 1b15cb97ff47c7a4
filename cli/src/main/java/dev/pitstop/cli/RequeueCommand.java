package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.lines.Texts;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitstop requeue QUEUE [ID...]}. */
@Command(
    name = "requeue",
    description = "Makes buried messages due now, with attempts from zero: those named, or all.")
final class RequeueCommand extends QueueCommand {
  @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "Their ids.")
  private List<String> ids = List.of();

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    ExitCode exit = ExitCode.OK;
    try (Output out = Output.standard()) {
      if (ids.isEmpty()) {
        out.line("requeued " + Calls.await(queue.requeueAll()));
      }
      for (String id : ids) {
        if (Calls.await(queue.requeue(id))) {
          out.line("requeued " + Texts.shown(id));
        } else {
          System.err.println(
              "pitstop: queue " + queue.name() + " holds no buried message " + Texts.shown(id));
          exit = ExitCode.REFUSED;
        }
      }
    }
    return exit;
  }
}
