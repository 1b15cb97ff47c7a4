package dev.pitstop.server.config;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.RetryPolicy;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Relay;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.spi.Option;
import dev.pitstop.webhook.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a file can say of a queue; a dot in a name is a map in the file. */
public final class QueueOptions {
  private static final Duration LEAST = Duration.ofMillis(1);

  static final Option<Duration> LEASE_TIME =
      Option.duration(
          "leaseTime",
          LEAST,
          "",
          "How long a lease lasts; without, what the store's address says.");
  static final Option<Duration> FIRST_DELAY =
      Option.duration("retry.firstDelay", LEAST, "1s", "The wait after the first failed attempt.");
  static final Option<Duration> MAX_DELAY =
      Option.duration("retry.maxDelay", LEAST, "6h", "No wait is longer, noise aside.");
  static final Option<Double> NOISE =
      new Option<>(
          "retry.noise",
          "number",
          "0.1",
          "The part of a wait by which it varies at random, 0 to 1.",
          QueueOptions::fraction);
  static final Option<Long> MAX_ATTEMPTS =
      Option.number(
          "retry.maxAttempts",
          1,
          Integer.MAX_VALUE,
          "25",
          "How many attempts an occurrence has before it is buried.");
  static final Option<URI> URL =
      new Option<>("target.url", "text", "", "Where messages are posted to.", Target::address);
  static final Option<String> SECRETS =
      text("target.secrets", "list of texts", "What posts are signed with, all of them each time.");
  static final Option<Duration> TIMEOUT =
      Option.duration(
          "target.timeout",
          LEAST,
          Target.DEFAULT_TIMEOUT.toSeconds() + "s",
          "Within how long the target must answer; an hour at most.");
  static final Option<Long> CONCURRENCY =
      Option.number(
          "target.concurrency",
          1,
          1_000,
          Integer.toString(Target.DEFAULT_CONCURRENCY),
          "How many posts there are at once.");
  static final Option<Boolean> ALLOW_PRIVATE =
      Option.flag(
          "target.allowPrivate", "false", "Whether the target may be in a private network.");
  static final Option<String> TAKE_FROM =
      text(
          "takeFrom",
          "list of texts",
          "Places of brokers whose messages are taken into the queue.");
  static final Option<String> MISFITS =
      text("misfits", "text", "Place for those whose headers are not understood.");
  static final Option<String> EMIT_TO =
      text("emitTo", "text", "Place of a broker to which messages are emitted.");
  static final Option<Long> IN_FLIGHT =
      Option.number(
          "inFlight",
          1,
          Relay.MOST_IN_FLIGHT,
          Integer.toString(Relay.IN_FLIGHT),
          "How many messages are relayed at once at most, from each place.");

  private QueueOptions() {}

  private static Option<String> text(String name, String type, String doc) {
    return new Option<>(name, type, "", doc, Function.identity());
  }

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(
        LEASE_TIME,
        FIRST_DELAY,
        MAX_DELAY,
        NOISE,
        MAX_ATTEMPTS,
        URL,
        SECRETS,
        TIMEOUT,
        CONCURRENCY,
        ALLOW_PRIVATE,
        TAKE_FROM,
        MISFITS,
        EMIT_TO,
        IN_FLIGHT);
  }

  /** What a file says of the queues that a key stands for. */
  static QueueSettings read(String key, String place, YamlMap map) {
    map.only(List.of("leaseTime", "retry", "target", "takeFrom", "misfits", "emitTo", "inFlight"));
    QueuePattern queues = Value.plain(key, place).as(() -> new QueuePattern(key));
    ListenerOptions options = ListenerOptions.defaults();
    Optional<Value> leaseTime = map.text("leaseTime");
    if (leaseTime.isPresent()) {
      options = options.leaseTime(leaseTime.get().as(LEASE_TIME));
    }
    Optional<YamlMap> retry = map.map("retry");
    if (retry.isPresent()) {
      options = options.retry(retry(retry.get(), map.place("retry")));
    }
    Optional<Target> target = map.map("target").map(of -> target(of, map.place("target")));
    if (target.isPresent() && !queues.isName()) {
      throw new ConfigurationException(
          map.place("target") + ": a target must be that of one queue, not of " + queues);
    }
    RelaySettings relays = relays(map);
    if (!relays.isNone() && !queues.isName()) {
      throw new ConfigurationException(
          place + ": takeFrom and emitTo must be those of one queue, not of " + queues);
    }
    if (!relays.isNone() && Reserved.is(key)) {
      throw new ConfigurationException(
          place
              + ": takeFrom and emitTo must not be those of a queue that servers keep, was "
              + key);
    }
    if (relays.emitTo().isPresent() && target.isPresent()) {
      throw new ConfigurationException(
          map.place("emitTo") + ": a queue has emitTo or a target, not both");
    }
    return new QueueSettings(queues, options, target, relays);
  }

  private static RelaySettings relays(YamlMap map) {
    List<String> takeFrom =
        map.texts("takeFrom").stream().map(place -> place(place, Brokers::checkSource)).toList();
    Optional<String> misfits =
        map.text("misfits").map(place -> place(place, Brokers::checkDestination));
    Optional<String> emitTo =
        map.text("emitTo").map(place -> place(place, Brokers::checkDestination));
    if (misfits.isPresent() && takeFrom.isEmpty()) {
      throw new ConfigurationException(map.place("misfits") + ": misfits goes with takeFrom only");
    }
    if (map.keys().contains("inFlight") && takeFrom.isEmpty() && emitTo.isEmpty()) {
      throw new ConfigurationException(
          map.place("inFlight") + ": inFlight goes with takeFrom or emitTo only");
    }
    return new RelaySettings(takeFrom, misfits, emitTo, Math.toIntExact(get(map, IN_FLIGHT)));
  }

  /** An address of a place, which may hold a password: a refusal shows it without. */
  private static String place(Value address, Consumer<String> check) {
    try {
      check.accept(address.text());
      return address.text();
    } catch (InvalidFieldException e) {
      throw new ConfigurationException(address.place() + ": " + e.getMessage());
    }
  }

  private static RetryPolicy retry(YamlMap map, String place) {
    map.only(List.of("firstDelay", "maxDelay", "noise", "maxAttempts"));
    return Value.plain("the whole", place)
        .as(
            () ->
                new RetryPolicy(
                    get(map, FIRST_DELAY),
                    get(map, MAX_DELAY),
                    get(map, NOISE),
                    Math.toIntExact(get(map, MAX_ATTEMPTS))));
  }

  private static Target target(YamlMap map, String place) {
    map.only(List.of("url", "secrets", "timeout", "concurrency", "allowPrivate"));
    URI url =
        map.text("url")
            .orElseThrow(() -> new ConfigurationException(place + ": target.url must be given"))
            .as(URL);
    return Value.plain("the whole", place)
        .as(
            () ->
                new Target(
                    url,
                    map.texts("secrets").stream().map(Value::text).toList(),
                    get(map, TIMEOUT),
                    Math.toIntExact(get(map, CONCURRENCY)),
                    get(map, ALLOW_PRIVATE)));
  }

  private static <T> T get(YamlMap map, Option<T> option) {
    String key = option.name().substring(option.name().indexOf('.') + 1);
    return map.text(key).orElseGet(() -> Value.plain(option.defaultText(), "default")).as(option);
  }

  private static double fraction(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidFieldException("retry.noise", "must be a number from 0 to 1", text, e);
    }
  }
}
