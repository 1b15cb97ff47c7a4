package dev.pitstop.cli;

import dev.pitstop.Cron;
import dev.pitstop.Deferral;
import dev.pitstop.Every;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.Missed;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Option;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** What the lines of {@code pipe}'s standard input ask for. */
final class Lines {
  private static final List<String> TIMES = List.of("at", "in", "every", "cron");
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
  sealed interface Request {}

  /** To store a message whose body is JSON. */
  record Put(Deferral<byte[]> deferral) implements Request {}

  /** To remove a message. */
  record Remove(String id) implements Request {}

  private Lines() {}

  /**
   * What a line asks for.
   *
   * @throws PitstopException when it is not understood, with the reason
   */
  static Request parse(byte[] line) {
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
    return new Put(new Deferral<>(message, schedule(fields), ifPresent));
  }

  private static Schedule schedule(ObjectLine fields) {
    List<String> times = TIMES.stream().filter(fields.names()::contains).toList();
    if (times.size() > 1) {
      throw new PitstopException(
          "only one of at, in, every and cron may be given, not " + String.join(" and ", times));
    }
    String kind = times.isEmpty() ? "in" : times.get(0);
    String value = fields.text(kind).orElse("0s");
    if (!kind.equals("cron")) {
      none(fields, List.of("zone"), "goes with cron only");
    }
    return switch (kind) {
      case "every" -> every(Option.parseDuration("every", value), fields);
      case "cron" -> cron(value, fields);
      default -> {
        none(fields, List.of("from", "until", "missed"), "goes with every or cron only");
        yield kind.equals("at")
            ? Schedule.at(Times.parse("at", value))
            : Schedule.in(Option.parseDuration("in", value));
      }
    };
  }

  private static Schedule every(Duration interval, ObjectLine fields) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidFieldException("every", "must be at least 1ms", interval);
    }
    Every every = Schedule.every(interval).missed(missed(fields));
    Optional<Instant> from = time(fields, "from");
    every = from.isPresent() ? every.from(from.get()) : every;
    Optional<Instant> until = time(fields, "until");
    return until.isPresent() ? every.until(until.get()) : every;
  }

  private static Schedule cron(String expression, ObjectLine fields) {
    ZoneId zone = Times.zone("zone", fields.text("zone").orElse("UTC"));
    Cron cron = Schedule.cron(expression, zone).missed(missed(fields));
    Optional<Instant> from = time(fields, "from");
    cron = from.isPresent() ? cron.from(from.get()) : cron;
    Optional<Instant> until = time(fields, "until");
    return until.isPresent() ? cron.until(until.get()) : cron;
  }

  private static Optional<Instant> time(ObjectLine fields, String name) {
    return fields.text(name).map(text -> Times.parse(name, text));
  }

  private static Missed missed(ObjectLine fields) {
    return fields
        .text("missed")
        .map(word -> Words.parse("missed", Missed.class, word))
        .orElse(Missed.EACH);
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
