package dev.pitstop.broker;

import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.Schedule;
import dev.pitstop.lines.ScheduleFields;
import dev.pitstop.lines.Words;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a message from a broker say is to become of it: {@code pitstop-at}, {@code
 * pitstop-delay}, {@code pitstop-every} or {@code pitstop-cron} with what goes with them, {@code
 * pitstop-id}, {@code pitstop-if-present}, {@code pitstop-remove}, and {@code x-delay} in
 * milliseconds, as RabbitMQ's delayed message exchange had it. Names count in any case.
 */
final class ControlHeaders {
  private static final String OWN = "pitstop-";
  private static final String PLUGIN = "x-delay";
  private static final String REMOVE = "remove";
  private static final String ID = "id";
  private static final String IF_PRESENT = "if-present";
  private static final Set<String> TIMES = Set.of("at", "delay", "every", "cron");
  private static final Set<String> WITH_TIMES = Set.of("zone", "from", "until", "missed");
  private static final String MISSED = "missed";
  private static final String QUEUE = "queue";
  private static final String SCHEDULED_FOR = "scheduled-for";
  private static final Set<String> KNOWN =
      Set.of(
          "at", "delay", "every", "cron", "zone", "from", "until", MISSED, ID, IF_PRESENT, REMOVE);

  /** Told by an emission; of no effect on the way in. */
  private static final Set<String> TOLD = Set.of(QUEUE, "attempt", SCHEDULED_FOR, "error");

  private final Message<byte[]> message;
  private final Map<String, String> control = new TreeMap<>();
  private final Map<String, String> kept = new LinkedHashMap<>();
  private final Optional<String> emittedBy;
  private @Nullable String plugin;

  ControlHeaders(Message<byte[]> message) {
    this.message = message;
    message.headers().forEach(this::sort);
    emittedBy = Optional.ofNullable(control.get(QUEUE));
    if (control.containsKey(SCHEDULED_FOR)) {
      forgetEmission();
    }
    control.keySet().removeAll(TOLD);
  }

  /**
   * Leaves out what a Pitstop told that emitted this message before. Its id holds only where the
   * headers were copied to a message that is deferred again: else the occurrences of a recurring
   * message would replace each other.
   */
  private void forgetEmission() {
    if (control.getOrDefault(MISSED, "").matches("[0-9]+")) {
      control.remove(MISSED);
    }
    if (!hasTime()) {
      control.remove(ID);
    }
  }

  private boolean hasTime() {
    return plugin != null || !Collections.disjoint(control.keySet(), TIMES);
  }

  /** Whether a header is for Pitstop, and so not passed on. */
  static boolean isOwn(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith(OWN) || lower.equals(PLUGIN);
  }

  private void sort(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals(PLUGIN)) {
      plugin = value;
    } else if (lower.startsWith(OWN)) {
      control.put(lower.substring(OWN.length()), value);
    } else {
      kept.put(name, value);
    }
  }

  /**
   * The id of the message that is to be removed, if this one asks for that.
   *
   * @throws PitstopException when it asks for something else besides
   */
  Optional<String> removed() {
    String id = control.get(REMOVE);
    if (id == null) {
      return Optional.empty();
    }
    if (control.size() > 1 || plugin != null) {
      throw new PitstopException(OWN + REMOVE + " goes with no other " + OWN + " header");
    }
    return Optional.of(id);
  }

  /**
   * What is to be stored. Without a time it is due now.
   *
   * @param queue where it is to be stored
   * @throws PitstopException when the headers contradict each other or hold what is none, or when
   *     the queue itself has emitted the message and it came back as it was, with the reason
   */
  Deferral<byte[]> deferral(String queue) {
    if (emittedBy.filter(queue::equals).isPresent() && !hasTime()) {
      throw new PitstopException(
          "came back to queue " + queue + ", which has emitted it; it would go round for ever");
    }
    for (String name : control.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new PitstopException(OWN + name + " is no header that is known");
      }
    }
    Optional<String> named = Optional.ofNullable(control.get(ID));
    Message<byte[]> stored =
        new Message<>(message.body(), named.or(message::id), kept, message.contentType());
    return new Deferral<>(stored, schedule(), ifPresent(named));
  }

  /** A message that its source hands out again is the same one. */
  private IfPresent ifPresent(Optional<String> named) {
    String word = control.get(IF_PRESENT);
    if (word != null) {
      return Words.parse(OWN + IF_PRESENT, IfPresent.class, word);
    }
    return named.isEmpty() && message.id().isPresent() ? IfPresent.KEEP : IfPresent.REPLACE;
  }

  private Schedule schedule() {
    String millis = plugin;
    if (millis == null) {
      return new ScheduleFields(
              "delay", control.keySet(), name -> Optional.ofNullable(control.get(name)))
          .schedule();
    }
    for (String name : control.keySet()) {
      if (TIMES.contains(name) || WITH_TIMES.contains(name)) {
        throw new PitstopException("only one of x-delay and " + OWN + name + " may be given");
      }
    }
    try {
      return Schedule.in(Duration.ofMillis(Math.max(0, Long.parseLong(millis.strip()))));
    } catch (NumberFormatException e) {
      throw new InvalidFieldException(PLUGIN, "must be a number of milliseconds", millis, e);
    }
  }
}
