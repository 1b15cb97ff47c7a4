package dev.pitstop.server.webhook;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.ObjectLine;
import dev.pitstop.spi.Option;
import dev.pitstop.webhook.Target;
import java.time.Duration;
import java.util.List;

/** Targets as JSON, as they are set through the API and kept in the store. */
final class TargetJson {
  /*
   * A field that is added must be left out where it says what was so before: servers of earlier
   * versions take a target with a field that they do not know for one that they cannot read, and
   * post nothing to it.
   */
  private static final List<String> KNOWN =
      List.of("url", "secrets", "timeout", "concurrency", "allowPrivate");

  private TargetJson() {}

  /**
   * The target that JSON stands for.
   *
   * @throws PitstopException when it is not understood or out of bounds; it shows no secret
   */
  static Target parse(byte[] json) {
    ObjectLine fields = ObjectLine.parse(json, KNOWN);
    String url =
        fields.text("url").orElseThrow(() -> new InvalidFieldException("url", "must be given", ""));
    return new Target(
        Target.address(url),
        fields.list("secrets"),
        fields
            .text("timeout")
            .map(text -> Option.parseDuration("timeout", text))
            .orElse(Target.DEFAULT_TIMEOUT),
        concurrency(fields.number("concurrency").orElse((long) Target.DEFAULT_CONCURRENCY)),
        fields.flag("allowPrivate").orElse(false));
  }

  /** What is more than any int is out of bounds as the largest int is. */
  private static int concurrency(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  /** The JSON of a target, its secrets included. */
  static byte[] write(Target target) {
    Duration timeout = target.timeout();
    return new JsonLine()
        .text("url", target.url().toString())
        .array("secrets", target.secrets().stream().map(JsonLine::string).toList())
        .text("timeout", timeout.toString())
        .number("concurrency", target.concurrency())
        .flag("allowPrivate", target.allowPrivate())
        .bytes();
  }
}
