package dev.pitstop.sql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What processes tell each other: from when on something of some queues can be leased. Written as
 * {@code 1764000000000 orders;1764000003000 invoices}; not thread-safe.
 *
 * <p>Only what can be leased before every listener has looked again anyway is worth telling.
 */
final class Notice {
  /** How long nobody sleeps without looking, as {@link Watching} sees to, and some more. */
  static final long AHEAD = TimeUnit.SECONDS.toMillis(120);

  /** Stands for any queue, where they are too many to be named. */
  private static final String ALL = "*";

  private static final int LONGEST = 7_900; // PostgreSQL takes less than 8,000 bytes
  private static final Pattern PART =
      Pattern.compile("(-?\\d{1,18}) ([A-Za-z0-9._-]{1,128})(?:;|$)");

  private final Map<String, Long> earliest = new HashMap<>();

  /** Adds that something of a queue can be leased from an instant on. */
  void add(String queue, long dueMillis) {
    earliest.merge(queue, dueMillis, Math::min);
  }

  /**
   * Adds something that is put back among others of its due time, and so may stand before what was
   * leased of them. That is told as a millisecond sooner.
   */
  void addAmong(String queue, long dueMillis) {
    add(queue, dueMillis - 1);
  }

  /** From when on something of each queue can be leased, in milliseconds since 1970. */
  Map<String, Long> earliest() {
    return earliest;
  }

  /** What is told; null when nothing is worth it. */
  @Nullable String text(long nowMillis) {
    StringJoiner text = new StringJoiner(";");
    text.setEmptyValue("");
    earliest.forEach(
        (queue, due) -> {
          if (due < nowMillis + AHEAD) {
            text.add(due + " " + queue);
          }
        });
    if (text.length() == 0) {
      return null;
    }
    return text.length() > LONGEST ? ALL : text.toString();
  }

  /** What a text tells; empty when it concerns all queues, or is not one of these. */
  static Optional<Map<String, Long>> parse(String text) {
    Map<String, Long> told = new LinkedHashMap<>();
    Matcher parts = PART.matcher(text);
    while (parts.lookingAt()) {
      told.put(parts.group(2), Long.parseLong(parts.group(1)));
      parts.region(parts.end(), text.length());
    }
    return told.isEmpty() ? Optional.empty() : Optional.of(told);
  }
}
