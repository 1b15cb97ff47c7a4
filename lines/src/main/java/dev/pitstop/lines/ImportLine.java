package dev.pitstop.lines;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What the lines that {@code export} wrote say. */
public final class ImportLine {
  private static final List<String> KNOWN =
      List.of(
          "id",
          "body",
          "bodyBase64",
          "contentType",
          "headers",
          "schedule",
          "state",
          "due",
          "scheduledFor",
          "missed",
          "attempts",
          "lastError");

  private ImportLine() {}

  /**
   * The message of a line.
   *
   * @throws PitstopException when the line is not understood, with the reason
   */
  public static StoredMessage parse(byte[] line) {
    ObjectLine fields = ObjectLine.parse(line, KNOWN);
    Instant due = Times.parse("due", required(fields, "due"));
    State state =
        fields
            .text("state")
            .map(word -> Words.parse("state", State.class, word))
            .orElse(State.SCHEDULED);
    return new StoredMessage(
        required(fields, "id"),
        body(fields),
        fields.text("contentType").orElse(Json.MEDIA_TYPE),
        fields.texts("headers"),
        fields.text("schedule"),
        state == State.LEASED ? State.SCHEDULED : state,
        due,
        fields.text("scheduledFor").map(text -> Times.parse("scheduledFor", text)).orElse(due),
        fields.number("missed").orElse(0L),
        attempts(fields.number("attempts").orElse(0L)),
        fields.text("lastError"),
        Optional.empty());
  }

  private static byte[] body(ObjectLine fields) {
    Optional<byte[]> json = fields.raw("body");
    Optional<String> base64 = fields.text("bodyBase64");
    if (json.isPresent() == base64.isPresent()) {
      throw new PitstopException("either body or bodyBase64 must be given");
    }
    if (json.isPresent()) {
      return json.get();
    }
    try {
      return Base64.getDecoder().decode(base64.orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException("bodyBase64", "must be base64", base64.orElseThrow(), e);
    }
  }

  private static int attempts(long attempts) {
    if (attempts > Integer.MAX_VALUE) {
      throw new InvalidFieldException("attempts", "must be at most " + Integer.MAX_VALUE, attempts);
    }
    return (int) attempts;
  }

  private static String required(ObjectLine fields, String name) {
    return fields.text(name).orElseThrow(() -> new PitstopException(name + " must be given"));
  }
}
