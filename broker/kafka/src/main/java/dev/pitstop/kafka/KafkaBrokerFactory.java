package dev.pitstop.kafka;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.broker.BrokerFactory;
import dev.pitstop.broker.Sender;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.TimeLimits;
import dev.pitstop.spi.Option;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Connects to Kafka: {@code kafka://HOST:PORT,HOST:PORT/TOPIC} to send to a topic, and with {@code
 * ?group=NAME} to take from it as a member of a consumer group; {@code kafkas:} by TLS. A user and
 * a password before the hosts are a login by SASL. Thread-safe.
 */
public final class KafkaBrokerFactory implements BrokerFactory {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Option<String> GROUP =
      new Option<>(
          "group", "text", "", "The consumer group to take for; a source needs one.", text -> text);
  private static final Option<String> KEY =
      new Option<>(
          "key",
          "text",
          ToKafka.KEY,
          "The header whose value is the key of a record that is sent.",
          text -> text);
  private static final Option<Settings.Sasl> SASL =
      new Option<>(
          "sasl",
          "plain, scram-sha-256 or scram-sha-512",
          "plain",
          "How a user and a password are shown to Kafka.",
          Settings.Sasl::parse);
  private static final Option<Duration> TIMEOUT =
      TimeLimits.option(
          "timeout",
          Duration.ofMillis(100),
          "30s",
          "After how long a message fails that Kafka has not confirmed, and an answer that does not"
              + " come.");

  /** For {@code ServiceLoader}. */
  public KafkaBrokerFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("kafka", "kafkas");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(GROUP, KEY, SASL, TIMEOUT);
  }

  @Override
  public String destination(BrokerAddress address) {
    topic(address);
    return address.path();
  }

  @Override
  public Sender sender(BrokerAddress address) {
    return new KafkaSender(settings(address));
  }

  @Override
  public Source source(BrokerAddress address) {
    Settings settings = settings(address);
    String topic = topic(address);
    if (!TOPIC.matcher(topic).matches()) {
      throw new InvalidFieldException(
          "address",
          "must name one topic to take from, of letters, digits, dots, underscores and hyphens",
          address);
    }
    if (settings.group().isEmpty()) {
      throw new InvalidFieldException(
          "group", "must be the name of a consumer group, as ?group=pitstop", address);
    }
    return new KafkaSource(settings, topic);
  }

  private static String topic(BrokerAddress address) {
    List<String> names = BrokerAddress.names(address.path());
    if (names.size() != 1 || names.get(0).isEmpty()) {
      throw new InvalidFieldException("address", "must name a topic", address);
    }
    return names.get(0);
  }

  private static Settings settings(BrokerAddress address) {
    return new Settings(
        address,
        GROUP.in(address.options()),
        KEY.in(address.options()),
        SASL.in(address.options()),
        TIMEOUT.in(address.options()));
  }
}
