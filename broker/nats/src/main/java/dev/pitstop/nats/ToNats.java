package dev.pitstop.nats;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.BrokerAddress;
import io.nats.client.impl.Headers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Messages on their way to NATS. */
final class ToNats {
  static final String CONTENT_TYPE = "Content-Type";

  /** Headers that tell NATS what to do with one message, or were told of an arrival. */
  static final String RESERVED = "nats-";

  private static final String ID = "Nats-Msg-Id";
  private static final Pattern SUBJECT =
      Pattern.compile("[^\\s\\p{Cntrl}.*>]+(\\.[^\\s\\p{Cntrl}.*>]+)*");
  private static final Pattern NAME = Pattern.compile("[!-9;-~]+");

  private ToNats() {}

  /**
   * A message to be sent.
   *
   * @param destination a subject, percent-encoded
   * @throws InvalidFieldException when NATS cannot have it as it is
   */
  static Publish publish(String destination, Message<byte[]> message) {
    List<String> names = BrokerAddress.names(destination);
    if (names.size() != 1) {
      throw new InvalidFieldException("destination", "must be one subject", destination);
    }
    return new Publish(subject(names.get(0)), headers(message), message.body());
  }

  private static String subject(String subject) {
    if (!SUBJECT.matcher(subject).matches()) {
      throw new InvalidFieldException(
          "destination",
          "must be a subject: words with dots between them, without spaces, * and >",
          subject);
    }
    return subject;
  }

  private static Headers headers(Message<byte[]> message) {
    Headers headers = new Headers();
    message.id().ifPresent(id -> headers.put(ID, EncodedWord.encode(id)));
    message.contentType().ifPresent(type -> headers.put(CONTENT_TYPE, EncodedWord.encode(type)));
    message
        .headers()
        .forEach(
            (name, value) -> {
              if (!isReserved(name)) {
                headers.put(name(name), EncodedWord.encode(value));
              }
            });
    return headers;
  }

  private static boolean isReserved(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith(RESERVED)
        || name.equalsIgnoreCase(CONTENT_TYPE);
  }

  private static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidFieldException(
          "header name", "must be printable ASCII without spaces and colons in NATS", name);
    }
    return name;
  }
}
