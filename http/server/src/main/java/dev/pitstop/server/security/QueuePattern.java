package dev.pitstop.server.security;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.server.http.Right;
import java.util.regex.Pattern;

/**
 * The name of a queue, or with a star at its end the beginning of the names of several. Immutable.
 *
 * @param text {@code orders}, {@code mail-*}, or {@code *} for all queues
 */
public record QueuePattern(String text) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}\\*?|\\*");

  /** Refuses what no queue's name matches, with {@link InvalidFieldException}. */
  public QueuePattern {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidFieldException(
          "queue", "must be a queue's name, or the beginning of names with a star behind it", text);
    }
  }

  /** Whether it stands for one queue only. */
  public boolean isName() {
    return !text.endsWith("*");
  }

  /** Whether it stands for a queue; {@link Right#ALL_QUEUES} needs the pattern of all. */
  public boolean matches(String queue) {
    if (isName()) {
      return text.equals(queue);
    }
    if (text.equals("*") || queue.equals(Right.ALL_QUEUES)) {
      return text.equals("*");
    }
    return queue.startsWith(text.substring(0, text.length() - 1));
  }

  @Override
  public String toString() {
    return text;
  }
}
