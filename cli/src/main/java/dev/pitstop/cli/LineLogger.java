package dev.pitstop.cli;

import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Texts;
import dev.pitstop.lines.Times;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes lines of one class. Thread-safe. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_MESSAGE = 10_000;

  private final Level least;
  private final boolean json = LogLines.json();
  private final String shortName;

  LineLogger(String name) {
    this.name = name;
    this.least = LogLines.level(name);
    this.shortName = name.substring(name.lastIndexOf('.') + 1);
  }

  private boolean takes(Level level) {
    return level.toInt() >= least.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return takes(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return takes(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return takes(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return takes(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return takes(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    write(level, MessageFormatter.basicArrayFormat(message, arguments), List.of(), failure);
  }

  @Override
  public void log(LoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    write(
        event.getLevel(),
        MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray()),
        pairs == null ? List.of() : pairs,
        event.getThrowable());
  }

  private void write(
      Level level,
      @Nullable String message,
      List<KeyValuePair> pairs,
      @Nullable Throwable failure) {
    String shown = Texts.shown(String.valueOf(message), LONGEST_MESSAGE);
    byte[] line = json ? json(level, shown, pairs, failure) : text(level, shown, pairs, failure);
    PrintStream err = System.err;
    synchronized (err) {
      err.write(line, 0, line.length);
      err.flush();
    }
  }

  private byte[] json(
      Level level, String message, List<KeyValuePair> pairs, @Nullable Throwable failure) {
    JsonLine line =
        new JsonLine()
            .time("time", Instant.now())
            .text("level", level.name())
            .text("logger", name)
            .text("thread", Thread.currentThread().getName())
            .text("message", message);
    pairs.forEach(pair -> line.text(pair.key, String.valueOf(pair.value)));
    if (failure != null) {
      line.text("error", trace(failure));
    }
    byte[] json = line.bytes();
    byte[] ended = java.util.Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  private byte[] text(
      Level level, String message, List<KeyValuePair> pairs, @Nullable Throwable failure) {
    StringBuilder line = new StringBuilder();
    line.append(Times.iso(Instant.now())).append(' ').append(level).append(' ').append(shortName);
    line.append(" - ").append(message);
    pairs.forEach(
        pair ->
            line.append(' ')
                .append(pair.key)
                .append('=')
                .append(Texts.shown(String.valueOf(pair.value))));
    line.append('\n');
    if (failure != null) {
      line.append(trace(failure));
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
