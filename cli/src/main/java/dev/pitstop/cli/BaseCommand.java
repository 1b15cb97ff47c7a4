package dev.pitstop.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What all commands have: help, version and exit codes. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:something was refused or not found, or the output took no more",
      " 2:the command line was not understood",
      " 3:the store is unavailable"
    })
abstract class BaseCommand implements Callable<Integer> {
  /** Does it. */
  abstract ExitCode run();

  @Override
  public final Integer call() {
    return run().number();
  }
}
