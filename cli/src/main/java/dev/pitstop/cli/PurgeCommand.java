package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.QueueStats;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Scanner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitstop purge QUEUE}. */
@Command(
    name = "purge",
    description = "Removes every message of a queue, in whatever state it is. Asks before.")
final class PurgeCommand extends QueueCommand {
  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    if (!yes && !confirmed(Calls.await(queue.stats()))) {
      System.err.println("pitstop: nothing was removed");
      return ExitCode.REFUSED;
    }
    try (Output out = Output.standard()) {
      out.line("removed " + Calls.await(queue.purge()));
    }
    return ExitCode.OK;
  }

  private static boolean confirmed(QueueStats queue) {
    long messages = queue.scheduled() + queue.leased() + queue.buried();
    System.err.print("Remove all " + messages + " messages of " + queue.queue() + "? [y/N] ");
    System.err.flush();
    try (Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
      String answer = in.nextLine().strip().toLowerCase(Locale.ROOT);
      return answer.equals("y") || answer.equals("yes");
    } catch (NoSuchElementException e) {
      System.err.println();
      return false;
    }
  }
}
