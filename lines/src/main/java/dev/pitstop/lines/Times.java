package dev.pitstop.lines;

import dev.pitstop.InvalidFieldException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as people and scripts write and read them. */
public final class Times {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** In UTC with three decimals: {@code 2026-01-01T09:00:00.000Z}. */
  public static String iso(Instant instant) {
    return ISO.format(instant);
  }

  /** With how far it is from now: {@code 2026-01-01T09:00:00.000Z (in 14 min)}. */
  public static String isoAndDistance(Instant instant, Instant now) {
    return iso(instant) + " (" + distance(instant, now) + ")";
  }

  /** How far it is from now, rounded: {@code in 14 min}, {@code 3 h ago}, {@code now}. */
  public static String distance(Instant instant, Instant now) {
    Duration distance = Duration.between(now, instant);
    long seconds = (distance.abs().toMillis() + 500) / 1000;
    if (seconds == 0) {
      return "now";
    }
    String length = length(seconds);
    return distance.isNegative() ? length + " ago" : "in " + length;
  }

  private static String length(long seconds) {
    if (seconds < 100) {
      return seconds + " s";
    }
    long minutes = (seconds + 30) / 60;
    if (minutes < 100) {
      return minutes + " min";
    }
    long hours = (seconds + 1800) / 3600;
    if (hours < 48) {
      return hours + " h";
    }
    long days = (seconds + 43_200) / 86_400;
    return days < 1000 ? days + " d" : Math.round(days / 365.2425) + " y";
  }

  /** The instant of an ISO 8601 time with an offset. */
  public static Instant parse(String field, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new InvalidFieldException(
          field,
          "must be a time with an offset, as 2026-01-01T09:00:00Z or 2026-01-01T10:00:00+01:00",
          text,
          e);
    }
  }

  /** The time zone of a name. */
  public static ZoneId zone(String field, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new InvalidFieldException(
          field, "must be a time zone, as Europe/Oslo, UTC or +01:00", text, e);
    }
  }
}
