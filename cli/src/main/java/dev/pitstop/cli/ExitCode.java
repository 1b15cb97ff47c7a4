package dev.pitstop.cli;

/** What a command ends with; the higher the worse. */
enum ExitCode {
  OK(0),
  REFUSED(1),
  USAGE(2),
  UNAVAILABLE(3);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  ExitCode worse(ExitCode other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
