package dev.pitstop.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
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
 * <p>Set before the first line, by a system property or else a variable of the environment: {@value
 * #FORM} or {@value #FORM_VARIABLE}, {@code text} or {@code json}; {@value #LEVEL} or {@value
 * #LEVEL_VARIABLE}, from {@code error} to {@code trace}. Unless a level is set there are warnings,
 * and what the server does besides. Who changed what is always there; what callers send wrong is
 * answered to them, and not written down a second time by the HTTP server.
 */
public final class LogLines implements SLF4JServiceProvider {
  /** What lines look like. */
  static final String FORM = "pitstop.log";

  /** From which level on there are lines. */
  static final String LEVEL = "pitstop.log.level";

  private static final String FORM_VARIABLE = "PITSTOP_LOG";
  private static final String LEVEL_VARIABLE = "PITSTOP_LOG_LEVEL";

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

  /** From which level on there are lines of a logger. */
  static Level level(String logger) {
    Optional<Level> set = level();
    if (logger.equals("pitstop.audit")) {
      return Level.INFO;
    }
    if (logger.startsWith("org.eclipse.jetty")) {
      return set.filter(level -> level.toInt() < Level.INFO.toInt()).orElse(Level.ERROR);
    }
    return set.orElse(logger.startsWith("dev.pitstop.server") ? Level.INFO : Level.WARN);
  }

  private static Optional<Level> level() {
    String word = setting(LEVEL, LEVEL_VARIABLE).toUpperCase(Locale.ROOT);
    return Stream.of(Level.values()).filter(level -> level.name().equals(word)).findFirst();
  }

  static boolean json() {
    return setting(FORM, FORM_VARIABLE).equals("json");
  }

  private static String setting(String property, String variable) {
    String set = System.getProperty(property, System.getenv(variable));
    return set == null ? "" : set;
  }
}
