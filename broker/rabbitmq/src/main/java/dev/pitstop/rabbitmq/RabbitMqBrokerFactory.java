package dev.pitstop.rabbitmq;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.broker.BrokerFactory;
import dev.pitstop.broker.Sender;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.TimeLimits;
import dev.pitstop.spi.Option;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connects to RabbitMQ: {@code rabbitmq://USER:PASSWORD@HOST:PORT/QUEUE} to take from a queue or to
 * send to it, {@code rabbitmq://HOST/EXCHANGE/ROUTING-KEY} to send to an exchange; {@code
 * rabbitmqs:} by TLS. A slash in a name is written {@code %2F}. Thread-safe.
 */
public final class RabbitMqBrokerFactory implements BrokerFactory {
  private static final Option<String> VHOST =
      new Option<>("vhost", "text", "/", "The virtual host.", text -> text);
  private static final Option<Optional<String>> DECLARE =
      new Option<>(
          "declare",
          "none, quorum or classic",
          "none",
          "Which type of durable queue is made where there is none of that name; none: no queue is made.",
          RabbitMqBrokerFactory::queueType);
  private static final Option<Duration> TIMEOUT =
      TimeLimits.option(
          "timeout",
          Duration.ofMillis(100),
          "30s",
          "After how long a message fails that is not confirmed, and a connection or an answer that"
              + " does not come.");

  /** For {@code ServiceLoader}. */
  public RabbitMqBrokerFactory() {}

  private static Optional<String> queueType(String text) {
    return switch (text) {
      case "none" -> Optional.empty();
      case "quorum", "classic" -> Optional.of(text);
      default ->
          throw new InvalidFieldException("declare", "must be none, quorum or classic", text);
    };
  }

  @Override
  public Set<String> schemes() {
    return Set.of("rabbitmq", "rabbitmqs");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(VHOST, DECLARE, TIMEOUT);
  }

  @Override
  public String destination(BrokerAddress address) {
    List<String> names = BrokerAddress.names(address.path());
    if (names.size() > 2 || names.get(names.size() - 1).isEmpty()) {
      throw new InvalidFieldException(
          "address", "must name a queue, or an exchange and a routing key", address);
    }
    return address.path();
  }

  @Override
  public Sender sender(BrokerAddress address) {
    return new RabbitMqSender(settings(address));
  }

  @Override
  public Source source(BrokerAddress address) {
    List<String> names = BrokerAddress.names(address.path());
    if (names.size() != 1 || names.get(0).isEmpty() || address.path().contains("{")) {
      throw new InvalidFieldException("address", "must name a queue to take from", address);
    }
    return new RabbitMqSource(settings(address), names.get(0));
  }

  private static Settings settings(BrokerAddress address) {
    return new Settings(
        address,
        VHOST.in(address.options()),
        DECLARE.in(address.options()),
        TIMEOUT.in(address.options()));
  }
}
