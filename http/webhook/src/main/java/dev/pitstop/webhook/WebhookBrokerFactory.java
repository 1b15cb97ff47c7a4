package dev.pitstop.webhook;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.broker.BrokerAddress;
import dev.pitstop.broker.BrokerFactory;
import dev.pitstop.broker.Source;
import dev.pitstop.spi.Option;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Posts to HTTP targets: {@code https://HOST:PORT/PATH} or {@code http:}. What is posted is signed
 * with the secrets of a file or of the environment. There is nothing to take from. Thread-safe.
 */
public final class WebhookBrokerFactory implements BrokerFactory {
  /** The variable of the environment that has the secrets, parted by spaces. */
  static final String VARIABLE = "PITSTOP_WEBHOOK_SECRETS";

  private static final long LARGEST_FILE = 16 << 10;

  private static final Option<Boolean> ALLOW_PRIVATE =
      Option.flag("allowPrivate", "false", "Whether the target may be in a private network.");
  private static final Option<String> SECRET_FILE =
      new Option<>(
          "secretFile",
          "text",
          "",
          "File of what posts are signed with, a secret a line; without, the environment's "
              + VARIABLE
              + ".",
          text -> text);
  private static final Option<Duration> TIMEOUT =
      Option.duration(
          "timeout",
          Duration.ofMillis(1),
          Target.DEFAULT_TIMEOUT.toSeconds() + "s",
          "Within how long the target must answer; an hour at most.");

  /** For {@code ServiceLoader}. */
  public WebhookBrokerFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("http", "https");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(ALLOW_PRIVATE, SECRET_FILE, TIMEOUT);
  }

  @Override
  public String destination(BrokerAddress address) {
    if (address.user().isPresent()) {
      throw new InvalidFieldException("address", "must have no user and no password", address);
    }
    String place = address.path().replaceAll("\\{[^{}]*}", "x").replaceAll("[{}]", "x");
    target(address, Target.address(base(address) + place), List.of());
    return address.path();
  }

  @Override
  public dev.pitstop.broker.Sender sender(BrokerAddress address) {
    String base = base(address);
    return new WebhookSender(base, target(address, Target.address(base), secrets(address)));
  }

  @Override
  public Source source(BrokerAddress address) {
    throw new InvalidFieldException(
        "address", "must be that of a broker: HTTP targets can only be sent to", address);
  }

  private static Target target(BrokerAddress address, URI url, List<String> secrets) {
    return new Target(
        url,
        secrets,
        TIMEOUT.in(address.options()),
        Target.DEFAULT_CONCURRENCY,
        ALLOW_PRIVATE.in(address.options()));
  }

  /** The address up to its path. */
  private static String base(BrokerAddress address) {
    String rest = address.address().rest();
    return address.scheme() + ":" + rest.substring(0, rest.length() - address.path().length());
  }

  private static List<String> secrets(BrokerAddress address) {
    String file = SECRET_FILE.in(address.options());
    String all = file.isEmpty() ? System.getenv().getOrDefault(VARIABLE, "") : content(file);
    return Arrays.stream(all.split("\\s+", -1)).filter(secret -> !secret.isEmpty()).toList();
  }

  private static String content(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST_FILE) {
        throw new InvalidFieldException(
            SECRET_FILE.name(), "must have at most " + LARGEST_FILE + " bytes", file);
      }
      return Files.readString(path);
    } catch (IOException | InvalidPathException e) {
      throw new InvalidFieldException(
          SECRET_FILE.name(), "must be a file of text that can be read", file, e);
    }
  }
}
