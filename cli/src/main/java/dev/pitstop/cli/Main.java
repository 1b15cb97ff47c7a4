package dev.pitstop.cli;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.lines.Texts;
import dev.pitstop.server.config.ConfigurationException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code pitstop COMMAND}. */
@Command(
    name = "pitstop",
    description = "Keeps messages and emits them when their time has come.",
    subcommands = {
      PipeCommand.class,
      RelayCommand.class,
      QueuesCommand.class,
      ListCommand.class,
      ShowCommand.class,
      RemoveCommand.class,
      RequeueCommand.class,
      PurgeCommand.class,
      NextCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ServeCommand.class,
      TokenCommand.class
    })
public final class Main extends BaseCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs a command; its exit code. */
  static int run(String... args) {
    return commandLine()
        .setParameterExceptionHandler(Main::refused)
        .setExecutionExceptionHandler(Main::failed)
        .execute(args);
  }

  /** All commands with all of their options. */
  static CommandLine commandLine() {
    CommandLine all = new CommandLine(new Main());
    CommandLine serve = Objects.requireNonNull(all.getSubcommands().get("serve"));
    ServeCommand.addOptions(serve.getCommandSpec());
    return all;
  }

  @Override
  ExitCode run() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }

  private static int refused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String reason =
        e.getCause() instanceof InvalidFieldException field ? field.getMessage() : e.getMessage();
    err.println("pitstop: " + reason);
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE.number();
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    ExitCode exit = ExitCode.REFUSED;
    if (e instanceof InvalidFieldException || e instanceof ConfigurationException) {
      exit = ExitCode.USAGE;
    } else if (e instanceof StoreUnavailableException) {
      exit = ExitCode.UNAVAILABLE;
    }
    if (e instanceof OutputException output) {
      if (!output.closed()) {
        err.println("pitstop: " + output.getMessage());
      }
    } else if (e instanceof PitstopException) {
      err.println("pitstop: " + Texts.shown(String.valueOf(e.getMessage()), 1000));
    } else {
      err.println("pitstop: this is a fault in pitstop, please report it");
      e.printStackTrace(err);
    }
    err.flush();
    return exit.number();
  }
}
