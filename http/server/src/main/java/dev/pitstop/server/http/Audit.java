package dev.pitstop.server.http;

import dev.pitstop.lines.Texts;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who changed what: a line for each queue in which a request needed the right admin.
 */
final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger("pitstop.audit");

  private Audit() {}

  /** A request was answered. */
  static void answered(Call call, int status) {
    if (call.method().equals("GET") || !call.isKnown()) {
      return;
    }
    call.administered().forEach(queue -> line(call, queue, status));
  }

  private static void line(Call call, String queue, int status) {
    LOG.info(
        "who={} from={} what={} route={} queue={} id={} status={} request={}",
        quoted(call.caller().name()),
        call.remote(),
        call.method().toLowerCase(Locale.ROOT),
        call.route().template(),
        quoted(queue),
        quoted(call.given("id").orElse("")),
        status,
        call.id());
  }

  /** A text in quotes, so that nobody's id can look like the rest of the line. */
  private static String quoted(String text) {
    return '"' + Texts.shown(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
