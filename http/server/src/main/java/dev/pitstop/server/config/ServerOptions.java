package dev.pitstop.server.config;

import dev.pitstop.spi.Option;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * All that a server can be told in one text. What is {@code maxBody} in a file is {@code
 * --max-body} on the command line and {@code PITSTOP_MAX_BODY} in the environment.
 */
public final class ServerOptions {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final int MOST = Integer.MAX_VALUE - 8;

  static final Option<String> STORE =
      text("store", "rocksdb:./pitstop-data", "Address of the store.");
  static final Option<String> HOST = text("host", "127.0.0.1", "Address to listen on.");
  static final Option<Long> PORT =
      Option.number("port", 0, 65_535, "8025", "Port to listen on; 0 for any that is free.");
  static final Option<Boolean> OPEN_TO_ALL =
      Option.flag(
          "insecureOpenToAll",
          "false",
          "Whether everybody who reaches the port may do everything, where others than this machine reach it.");
  static final Option<String> ADMIN_TOKEN_HASH =
      text(
          "adminTokenHash",
          "",
          "Hash of a token that may do everything, as pitstop token prints it.");
  static final Option<String> HOSTS =
      text("hosts", "", "Names by which browsers reach the server, with commas between them.");
  static final Option<String> TLS_CERTIFICATE =
      text(
          "tlsCertificate",
          "",
          "PEM file of the certificate and those that lead to its issuer; makes it HTTPS.");
  static final Option<String> TLS_KEY =
      text("tlsKey", "", "PEM file of the certificate's private key, PKCS #8 and not encrypted.");
  static final Option<Duration> TLS_RELOAD =
      Option.duration(
          "tlsReload", LEAST, "10s", "How often the PEM files are looked at for changes.");
  static final Option<Long> MAX_BODY =
      number("maxBody", 0, "1048576", "How many bytes a message's body has at most.");
  static final Option<Long> MAX_BATCH_BYTES =
      number("maxBatchBytes", 1, "16777216", "How many bytes a batch has at most.");
  static final Option<Long> MAX_BATCH_LINES =
      number("maxBatchLines", 1, "100000", "How many lines a batch has at most.");
  static final Option<Long> MAX_IDEMPOTENCY_KEYS =
      number("maxIdempotencyKeys", 1, "50000", "How many idempotency keys are remembered at most.");
  static final Option<Long> MAX_CONNECTIONS =
      number(
          "maxConnections",
          1,
          "2000",
          "How many connections there are at once at most; more wait.");
  static final Option<Long> MAX_REQUESTS =
      number(
          "maxRequests",
          1,
          "1000",
          "How many requests are under way at once at most, those that wait for a lease included.");
  static final Option<Long> MAX_BODIES =
      number(
          "maxBodies",
          1,
          "67108864",
          "How many bytes the bodies of all requests under way have at most.");
  static final Option<Long> MAX_HEADER_BYTES =
      number(
          "maxHeaderBytes",
          1_024,
          "65536",
          "How many bytes a request's line and headers have at most.");
  static final Option<Long> MAX_HEADERS =
      number("maxHeaders", 8, "200", "How many headers a request has at most.");
  static final Option<Duration> IDLE_TIMEOUT =
      Option.duration(
          "idleTimeout",
          LEAST,
          "1m",
          "After how long a connection is closed on which nothing comes.");
  static final Option<Duration> REQUEST_TIMEOUT =
      Option.duration(
          "requestTimeout",
          LEAST,
          "30s",
          "Within how long a request's headers must have arrived, and then its body.");
  static final Option<Boolean> ALLOW_PRIVATE_TARGETS =
      Option.flag(
          "allowPrivateTargets",
          "false",
          "Whether targets that are set through the API may be in private networks.");
  static final Option<String> TARGET_CA =
      text(
          "targetCa",
          "",
          "PEM file of certificates that targets are trusted by, besides those that the Java machine trusts.");
  static final Option<Duration> DRAIN_TIMEOUT =
      Option.duration(
          "drainTimeout",
          LEAST,
          "20s",
          "How long the end waits for requests and deliveries that are under way.");

  private ServerOptions() {}

  /** All of them. */
  public static List<Option<?>> all() {
    return List.of(
        STORE,
        HOST,
        PORT,
        OPEN_TO_ALL,
        ADMIN_TOKEN_HASH,
        HOSTS,
        TLS_CERTIFICATE,
        TLS_KEY,
        TLS_RELOAD,
        MAX_BODY,
        MAX_BATCH_BYTES,
        MAX_BATCH_LINES,
        MAX_IDEMPOTENCY_KEYS,
        MAX_CONNECTIONS,
        MAX_REQUESTS,
        MAX_BODIES,
        MAX_HEADER_BYTES,
        MAX_HEADERS,
        IDLE_TIMEOUT,
        REQUEST_TIMEOUT,
        ALLOW_PRIVATE_TARGETS,
        TARGET_CA,
        DRAIN_TIMEOUT);
  }

  /** An option on the command line: {@code --max-body}. */
  public static String commandLine(Option<?> option) {
    return "--" + option.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** An option in the environment: {@code PITSTOP_MAX_BODY}. */
  public static String environment(Option<?> option) {
    return "PITSTOP_" + option.name().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static Option<String> text(String name, String defaultText, String doc) {
    return new Option<>(name, "text", defaultText, doc, Function.identity());
  }

  private static Option<Long> number(String name, long least, String defaultText, String doc) {
    return Option.number(name, least, MOST, defaultText, doc);
  }
}
