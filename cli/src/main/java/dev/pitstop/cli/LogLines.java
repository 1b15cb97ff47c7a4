package dev.pitstop.cli;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of the command line and the server: lines on standard error, as text or as JSON. SLF4J
 * finds it by itself. Thread-safe.
 *
 * <p>Set by two system properties before the first line: {@value #FORM}, {@code text} or {@code
 * json}, and {@value #LEVEL}, from {@code error} to {@code trace}.
 */
public final class LogLines implements SLF4JServiceProvider {
  /** What lines look like. */
  static final String FORM = "pitstop.log";

  /** From which level on there are lines. */
  static final String LEVEL = "pitstop.log.level";

  private final ConcurrentMap<String, LineLogger> loggers = new ConcurrentHashMap<>();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter contexts = new NOPMDCAdapter();

  /** For SLF4J. */
  public LogLines() {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> loggers.computeIfAbsent(name, LineLogger::new);
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return contexts;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // nothing is needed before the first logger
  }

  /** The level that is set; a warning's when it is none. */
  static Level level() {
    String word = System.getProperty(LEVEL, "warn").toUpperCase(Locale.ROOT);
    for (Level level : Level.values()) {
      if (level.name().equals(word)) {
        return level;
      }
    }
    return Level.WARN;
  }

  static boolean json() {
    return System.getProperty(FORM, "text").equals("json");
  }
}
