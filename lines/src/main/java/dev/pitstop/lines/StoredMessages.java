package dev.pitstop.lines;

import dev.pitstop.StoredMessage;

/** Messages as they stand in their queue, as JSON for scripts. */
public final class StoredMessages {
  private StoredMessages() {}

  /** Everything about a message in one line, its body readable. */
  public static JsonLine json(String queue, StoredMessage message) {
    JsonLine line =
        new JsonLine()
            .text("queue", queue)
            .text("id", message.id())
            .body(message.body(), message.contentType())
            .texts("headers", message.headers());
    standing(line, message);
    message.leasedUntil().ifPresent(until -> line.time("leasedUntil", until));
    return line;
  }

  /** What a list shows of a message in one line: its body's size in place of its body. */
  public static JsonLine summary(String queue, StoredMessage message) {
    JsonLine line =
        new JsonLine()
            .text("queue", queue)
            .text("id", message.id())
            .number("bodyBytes", message.body().length)
            .text("contentType", message.contentType());
    standing(line, message);
    message.leasedUntil().ifPresent(until -> line.time("leasedUntil", until));
    return line;
  }

  /** A message in one line that {@link ImportLine} reads, its body exact. */
  public static JsonLine export(StoredMessage message) {
    JsonLine line =
        new JsonLine()
            .text("id", message.id())
            .exactBody(message.body(), message.contentType())
            .texts("headers", message.headers());
    standing(line, message);
    return line;
  }

  private static void standing(JsonLine line, StoredMessage message) {
    message.scheduleText().ifPresent(text -> line.text("schedule", text));
    line.text("state", Words.of(message.state()))
        .time("due", message.due())
        .time("scheduledFor", message.scheduledFor())
        .number("missed", message.missed())
        .number("attempts", message.attempts());
    message.lastError().ifPresent(error -> line.text("lastError", error));
  }
}
