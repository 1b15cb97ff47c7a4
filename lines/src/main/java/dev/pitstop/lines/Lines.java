package dev.pitstop.lines;

import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import java.util.List;
import java.util.Optional;

/** What the lines of {@code pipe}'s standard input ask for. */
public final class Lines {
  private static final List<String> KNOWN =
      List.of(
          "body",
          "id",
          "headers",
          "at",
          "in",
          "every",
          "cron",
          "zone",
          "from",
          "until",
          "missed",
          "ifPresent",
          "remove");

  /** What a line asks for. */
  public sealed interface Request {}

  /** To store a message whose body is JSON. */
  public record Put(Deferral<byte[]> deferral) implements Request {}

  /** To remove a message. */
  public record Remove(String id) implements Request {}

  private Lines() {}

  /**
   * What a line asks for.
   *
   * @throws PitstopException when it is not understood, with the reason
   */
  public static Request parse(byte[] line) {
    ObjectLine fields = ObjectLine.parse(line, KNOWN);
    Optional<String> remove = fields.text("remove");
    if (remove.isPresent()) {
      only(fields, List.of("remove"), "cannot be given with remove");
      return new Remove(remove.get());
    }
    byte[] body =
        fields
            .raw("body")
            .orElseThrow(() -> new PitstopException("body must be given, any JSON value"));
    Message<byte[]> message =
        new Message<>(
            body, fields.text("id"), fields.texts("headers"), Optional.of(Json.MEDIA_TYPE));
    IfPresent ifPresent =
        fields
            .text("ifPresent")
            .map(word -> Words.parse("ifPresent", IfPresent.class, word))
            .orElse(IfPresent.REPLACE);
    return new Put(
        new Deferral<>(
            message, new ScheduleFields("in", fields.names(), fields::text).schedule(), ifPresent));
  }

  private static void only(ObjectLine fields, List<String> allowed, String otherwise) {
    none(fields, KNOWN.stream().filter(name -> !allowed.contains(name)).toList(), otherwise);
  }

  private static void none(ObjectLine fields, List<String> names, String otherwise) {
    for (String name : names) {
      if (fields.names().contains(name)) {
        throw new PitstopException(name + " " + otherwise);
      }
    }
  }
}
