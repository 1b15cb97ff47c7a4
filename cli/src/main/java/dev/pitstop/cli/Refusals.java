package dev.pitstop.cli;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.lines.Texts;
import java.io.PrintStream;

/** Tells which lines of the input were refused and remembers the exit code. Thread-safe. */
final class Refusals {
  private final PrintStream err;
  private final Runnable onUnavailable;
  private ExitCode exit = ExitCode.OK;

  /**
   * Tells on a stream.
   *
   * @param onUnavailable called when the store is away
   */
  Refusals(PrintStream err, Runnable onUnavailable) {
    this.err = err;
    this.onUnavailable = onUnavailable;
  }

  /** Tells that a line was refused; only the first failure of a store that is away is told. */
  void refuse(long line, PitstopException failure) {
    boolean unavailable = failure instanceof StoreUnavailableException;
    ExitCode before = worsen(unavailable ? ExitCode.UNAVAILABLE : ExitCode.REFUSED);
    if (!unavailable || before != ExitCode.UNAVAILABLE) {
      err.println(
          "pitstop: line " + line + ": " + Texts.shown(String.valueOf(failure.getMessage()), 1000));
    }
    if (unavailable) {
      onUnavailable.run();
    }
  }

  /** Tells of something else that makes the command fail. */
  void fail(String reason) {
    worsen(ExitCode.REFUSED);
    err.println("pitstop: " + reason);
  }

  /** Tells that the output took no more, unless who read it went away. */
  void outputFailed(OutputException failure) {
    worsen(ExitCode.REFUSED);
    if (!failure.closed()) {
      err.println("pitstop: " + failure.getMessage());
    }
  }

  /** What the command ends with. */
  synchronized ExitCode exit() {
    return exit;
  }

  private synchronized ExitCode worsen(ExitCode code) {
    ExitCode before = exit;
    exit = exit.worse(code);
    return before;
  }
}
