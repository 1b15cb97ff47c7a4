package dev.pitstop.kafka;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.broker.BrokerAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * What an address says.
 *
 * @param group empty: nothing can be taken
 * @param key the header that has the key
 * @param timeout of a confirm and an answer; 100 ms to a day
 */
record Settings(BrokerAddress address, String group, String key, Sasl sasl, Duration timeout) {
  private static final int USUAL_PORT = 9092;
  private static final int LONGEST_REQUEST = 30_000;

  /** Kafka's clients in one process must have different names. */
  private static final AtomicInteger CLIENTS = new AtomicInteger();

  /** How a user and a password are shown. */
  enum Sasl {
    PLAIN("PLAIN", "plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "scram.ScramLoginModule");

    private final String mechanism;
    private final String module;

    Sasl(String mechanism, String module) {
      this.mechanism = mechanism;
      this.module = "org.apache.kafka.common.security." + module;
    }

    static Sasl parse(String text) {
      return switch (text) {
        case "plain" -> PLAIN;
        case "scram-sha-256" -> SCRAM_SHA_256;
        case "scram-sha-512" -> SCRAM_SHA_512;
        default ->
            throw new InvalidFieldException(
                "sasl", "must be plain, scram-sha-256 or scram-sha-512", text);
      };
    }
  }

  int timeoutMillis() {
    return (int) timeout.toMillis();
  }

  /** What one of Kafka's clients is told, to be added to. */
  Map<String, Object> client() {
    Map<String, Object> all = new HashMap<>();
    all.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        address.hosts().stream()
            .map(host -> host.name() + ":" + host.portOr(USUAL_PORT))
            .collect(Collectors.joining(",")));
    all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "pitstop-" + CLIENTS.incrementAndGet());
    all.put(
        CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
        Math.min(LONGEST_REQUEST, timeoutMillis() / 2));
    // figures of a client are not the broker's business
    all.put("enable.metrics.push", false);
    String tls = address.scheme().equals("kafkas") ? "SSL" : "PLAINTEXT";
    if (address.user().isEmpty()) {
      all.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, tls);
    } else {
      all.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_" + tls);
      all.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism);
      all.put(SaslConfigs.SASL_JAAS_CONFIG, login());
    }
    return all;
  }

  private String login() {
    return sasl.module
        + " required username=\""
        + escaped(address.user().orElse(""))
        + "\" password=\""
        + escaped(address.password().orElse(""))
        + "\";";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}
