package dev.pitstop.client;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code http://HOST:8025} and {@code https://HOST:8025}. Thread-safe. */
public final class HttpStoreFactory implements StoreFactory {
  private static final String TOKEN_VARIABLE = "PITSTOP_TOKEN";

  private static final Option<String> TOKEN =
      new Option<>(
          "token",
          "text",
          "",
          "The token that is shown to the server; without this and tokenFile, the environment's"
              + " PITSTOP_TOKEN.",
          text -> text);
  private static final Option<String> TOKEN_FILE =
      new Option<>(
          "tokenFile", "text", "", "File that holds the token and nothing else.", text -> text);
  private static final Option<Duration> TIMEOUT =
      Option.duration(
          "timeout",
          Duration.ofMillis(100),
          "10s",
          "After how long a call fails that the server leaves unanswered.");
  private static final Option<String> TLS_CA =
      new Option<>(
          "tlsCa",
          "text",
          "",
          "PEM file of the certificates that are trusted, in place of those that Java trusts.",
          text -> text);

  private final Map<String, String> environment;

  /** For {@code ServiceLoader}. */
  public HttpStoreFactory() {
    this(System.getenv());
  }

  /** In another environment. */
  HttpStoreFactory(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("http", "https");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(TOKEN, TOKEN_FILE, TIMEOUT, TLS_CA);
  }

  @Override
  public Store open(Address address) {
    String ca = TLS_CA.in(address.query());
    if (!ca.isEmpty() && !address.scheme().equals("https")) {
      throw new InvalidFieldException("tlsCa", "goes with https addresses only", address);
    }
    return HttpStore.open(
        new Server(
            uri(address),
            token(address.query()),
            TIMEOUT.in(address.query()),
            ca.isEmpty() ? Optional.empty() : Optional.of(Trust.of(ca))));
  }

  private static URI uri(Address address) {
    if (address.rest().contains("@")) {
      throw new InvalidFieldException(
          "address", "must have no user; a token is an option of the address", address);
    }
    try {
      String rest = address.rest().replaceAll("/+$", "");
      URI uri = new URI(address.scheme() + ":" + rest);
      if (uri.getHost() != null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new InvalidFieldException(
          "address", "must name a host, as http://localhost:8025", address, e);
    }
    throw new InvalidFieldException(
        "address", "must name a host, as http://localhost:8025", address);
  }

  private Optional<Token> token(Map<String, String> query) {
    String text = TOKEN.in(query);
    String file = TOKEN_FILE.in(query);
    if (!text.isEmpty() && !file.isEmpty()) {
      throw new InvalidFieldException("tokenFile", "must not be given with token", file);
    }
    if (!file.isEmpty()) {
      return Optional.of(Token.inFile(file));
    }
    String shown = text.isEmpty() ? environment.getOrDefault(TOKEN_VARIABLE, "") : text;
    return shown.isEmpty() ? Optional.empty() : Optional.of(Token.of("token", shown));
  }
}
