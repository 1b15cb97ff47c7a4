package dev.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log as lines of text and of JSON. */
final class LogLinesTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    System.clearProperty(LogLines.FORM);
    System.clearProperty(LogLines.LEVEL);
  }

  private String lines() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private static Logger logger() {
    return new LogLines().getLoggerFactory().getLogger("dev.pitstop.Some");
  }

  @Test
  void itIsTheOneThatIsUsed() {
    assertThat(LoggerFactory.getLogger(LogLinesTest.class)).isInstanceOf(LineLogger.class);
  }

  @Test
  void textHasTimeLevelAndClassAndBeginsWithWarnings() {
    logger().info("not shown");
    logger().warn("message {} of queue {} failed", "a", "mail");
    assertThat(lines())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN Some - message a of queue mail"
                + " failed\\n");
  }

  @Test
  void jsonIsOneLineWhateverIsSaid() {
    System.setProperty(LogLines.FORM, "json");
    System.setProperty(LogLines.LEVEL, "info");
    logger()
        .atInfo()
        .setMessage("two\nlines {} \"quoted\"")
        .addArgument("ü")
        .addKeyValue("queue", "mail")
        .setCause(new IllegalStateException("why"))
        .log();
    assertThat(lines())
        .startsWith("{\"time\":\"")
        .contains(
            "\"level\":\"INFO\",\"logger\":\"dev.pitstop.Some\"",
            "\"message\":\"two\\\\u000alines ü \\\"quoted\\\"\",\"queue\":\"mail\"",
            "\"error\":\"java.lang.IllegalStateException: why\\n")
        .endsWith("\"}\n");
    assertThat(lines().lines()).hasSize(1);
  }

  @Test
  void whoChangedWhatIsAlwaysWrittenDown() {
    System.setProperty(LogLines.LEVEL, "error");
    LogLines log = new LogLines();
    log.getLoggerFactory().getLogger("pitstop.audit").info("who=\"boss\"");
    log.getLoggerFactory().getLogger("dev.pitstop.server.http.Web").warn("not shown");
    log.getLoggerFactory().getLogger("org.eclipse.jetty.http.HttpParser").warn("not shown");
    assertThat(lines()).contains("INFO audit - who=\"boss\"").hasLineCount(1);
  }

  @Test
  void unlessALevelIsSetTheServerTellsWhatItDoes() {
    LogLines log = new LogLines();
    log.getLoggerFactory().getLogger("dev.pitstop.server.live.Bulk").info("shown");
    log.getLoggerFactory().getLogger("dev.pitstop.engine.Admission").info("not shown");
    log.getLoggerFactory().getLogger("org.eclipse.jetty.http.HttpParser").warn("not shown");
    assertThat(lines()).contains("INFO Bulk - shown").hasLineCount(1);
  }

  @Test
  void aLineFeedInAMessageMakesNoSecondLine() {
    logger().warn("id {}", "a\n2026-01-01T00:00:00.000Z ERROR Forged - all is lost");
    assertThat(lines().lines()).hasSize(1);
  }
}
