package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What is logged while it is open. Only one can be. */
final class RecordedLog implements AutoCloseable {
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private RecordedLog() {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  static RecordedLog record() {
    return new RecordedLog();
  }

  /** The lines that have a text in them. */
  List<String> lines(String text) {
    return log.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains(text)).toList();
  }

  /** Awaits a line that has a text in it. */
  void await(String text) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (lines(text).isEmpty()) {
      assertThat(System.nanoTime() - deadline).as("nanos past 30 s, for: %s", text).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    System.setErr(err);
    err.print(log.toString(StandardCharsets.UTF_8));
  }
}
