package dev.pitstop.nats;

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
 * Connects to NATS JetStream: {@code nats://USER:PASSWORD@HOST:PORT/SUBJECT} to send to a subject
 * that a stream keeps, the same with {@code ?durable=NAME} to take from it by a durable consumer;
 * {@code natss:} by TLS. Thread-safe.
 */
public final class NatsBrokerFactory implements BrokerFactory {
  private static final Option<Optional<String>> STREAM =
      name("stream", "The stream that is taken from; unless given the one that keeps the subject.");
  private static final Option<Optional<String>> DURABLE =
      name(
          "durable",
          "The consumer that is taken by; made where there is none of that name. Needed to take.");
  private static final Option<Optional<String>> TOKEN =
      new Option<>(
          "token",
          "text",
          "",
          "In place of a user and a password.",
          text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
  private static final Option<Duration> ACK_WAIT =
      TimeLimits.option(
          "ack-wait",
          Duration.ofSeconds(1),
          "30s",
          "Of a consumer that is made: how long after a process has died its messages come again.");
  private static final Option<Duration> TIMEOUT =
      TimeLimits.option(
          "timeout",
          Duration.ofMillis(100),
          "30s",
          "After how long a message fails that is not confirmed, and a connection or an answer that"
              + " does not come.");

  /** For {@code ServiceLoader}. */
  public NatsBrokerFactory() {}

  private static Option<Optional<String>> name(String name, String doc) {
    return new Option<>(
        name,
        "text",
        "",
        doc,
        text -> {
          if (text.isEmpty()) {
            return Optional.empty();
          }
          if (!text.matches("[^\\s\\p{Cntrl}.*>/\\\\]{1,255}")) {
            throw new InvalidFieldException(
                name, "must be 1 to 255 characters without spaces and . * > / \\", text);
          }
          return Optional.of(text);
        });
  }

  @Override
  public Set<String> schemes() {
    return Set.of("nats", "natss");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(STREAM, DURABLE, ACK_WAIT, TOKEN, TIMEOUT);
  }

  @Override
  public String destination(BrokerAddress address) {
    subject(address);
    return address.path();
  }

  @Override
  public Sender sender(BrokerAddress address) {
    return new NatsSender(settings(address));
  }

  @Override
  public Source source(BrokerAddress address) {
    Settings settings = settings(address);
    if (settings.durable().isEmpty()) {
      throw new InvalidFieldException("durable", "must name a consumer to take by", "");
    }
    String subject = subject(address);
    if (subject.contains("{")) {
      throw new InvalidFieldException("address", "must name a subject to take from", address);
    }
    return new NatsSource(settings, subject);
  }

  private static String subject(BrokerAddress address) {
    List<String> names = BrokerAddress.names(address.path());
    if (names.size() != 1 || names.get(0).isEmpty()) {
      throw new InvalidFieldException("address", "must name one subject", address);
    }
    return names.get(0);
  }

  private static Settings settings(BrokerAddress address) {
    Optional<String> token = TOKEN.in(address.options());
    if (token.isPresent() && address.user().isPresent()) {
      throw new InvalidFieldException("address", "must have a user or a token, not both", address);
    }
    return new Settings(
        address,
        token,
        STREAM.in(address.options()),
        DURABLE.in(address.options()),
        ACK_WAIT.in(address.options()),
        TIMEOUT.in(address.options()));
  }
}
