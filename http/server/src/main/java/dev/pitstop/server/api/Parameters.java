package dev.pitstop.server.api;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.lines.Nearest;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a request to store says besides the body: each thing once, as a header or as a parameter of
 * the query. Immutable.
 */
final class Parameters {
  /** The names as parameters; the header of {@code ifPresent} is {@code Pitstop-If-Present}. */
  static final Set<String> STORING =
      Set.of(
          "at",
          "delay",
          "every",
          "from",
          "until",
          "cron",
          "zone",
          "missed",
          "ifPresent",
          "header-*");

  private static final String PREFIX = "Pitstop-";
  private static final String MESSAGE_HEADER = "header-";

  private static final Map<String, String> BY_HEADER = byHeader();

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, String> messageHeaders = new LinkedHashMap<>();

  private Parameters() {}

  private static Map<String, String> byHeader() {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : STORING) {
      String words = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      names.put(words, name);
    }
    names.put("every-from", "from");
    names.put("every-until", "until");
    names.put("cron-from", "from");
    names.put("cron-until", "until");
    names.put("cron-zone", "zone");
    return names;
  }

  /**
   * What a request says.
   *
   * @throws Problem when it says something unknown, or one thing twice
   */
  static Parameters of(Call call) {
    Parameters parameters = new Parameters();
    call.headers(PREFIX)
        .forEach((name, value) -> parameters.header(name.substring(PREFIX.length()), value, name));
    call.query()
        .forEach(
            (name, value) -> {
              if (name.startsWith(MESSAGE_HEADER)) {
                parameters.messageHeader(name.substring(MESSAGE_HEADER.length()), value);
              } else if (STORING.contains(name)) {
                parameters.put(name, value);
              }
            });
    Traces.carry(call, parameters.messageHeaders);
    return parameters;
  }

  private void header(String name, String value, String sent) {
    String words = name.toLowerCase(Locale.ROOT);
    if (words.startsWith(MESSAGE_HEADER)) {
      messageHeader(name.substring(MESSAGE_HEADER.length()), value);
      return;
    }
    String parameter = BY_HEADER.get(words);
    if (parameter == null) {
      List<String> known = new ArrayList<>(BY_HEADER.keySet());
      throw Problem.of(
              Problem.Kind.UNKNOWN_FIELD, "unknown header " + sent + Nearest.hint(words, known))
          .with("field", sent);
    }
    put(parameter, value);
  }

  private void messageHeader(String name, String value) {
    if (name.isEmpty()) {
      throw new InvalidFieldException("header name", "must not be empty", "\"\"");
    }
    if (messageHeaders.put(name, value) != null) {
      throw new InvalidFieldException("header " + name, "must be given once", value);
    }
  }

  private void put(String name, String value) {
    if (values.put(name, value) != null) {
      throw new InvalidFieldException(name, "must be given once", value);
    }
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Set<String> names() {
    return values.keySet();
  }

  /** A digest of all that a request says, its message included. */
  byte[] digest(Message<byte[]> message) {
    MessageDigest digest = Idempotency.digest(message.contentType().orElse(""));
    for (Map<String, String> said : List.of(values, messageHeaders)) {
      new TreeMap<>(said)
          .forEach((name, value) -> digest.update(Idempotency.digest(name, value).digest()));
      digest.update((byte) 0);
    }
    return digest.digest(message.body());
  }

  /** The message's own headers. */
  Map<String, String> messageHeaders() {
    return messageHeaders;
  }
}
