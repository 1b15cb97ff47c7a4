package dev.pitstop.webhook;

import dev.pitstop.Delivery;
import dev.pitstop.Message;
import dev.pitstop.lines.EmissionId;
import dev.pitstop.webhook.Post.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Makes posts of deliveries and messages. */
final class Posts {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** Headers that belong to the connection or to the post itself. */
  private static final Set<String> OWN =
      Set.of(
          "connection",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private Posts() {}

  /** The post that stands for an emission; the same id for each attempt at one occurrence. */
  static Post of(Delivery<byte[]> delivery) {
    List<Header> headers = headers(delivery.headers(), name -> !name.startsWith("pitstop-"));
    headers.add(new Header("pitstop-queue", delivery.queue()));
    headers.add(new Header("pitstop-id", visible(delivery.id())));
    headers.add(new Header("pitstop-attempt", Integer.toString(delivery.attempt())));
    headers.add(new Header("pitstop-scheduled-for", delivery.scheduledFor().toString()));
    if (delivery.missed() > 0) {
      headers.add(new Header("pitstop-missed", Long.toString(delivery.missed())));
    }
    return new Post(
        "msg_" + EmissionId.of(delivery),
        visible(delivery.contentType()),
        headers,
        delivery.bytes());
  }

  /** The post that stands for a message on its way. */
  static Post of(Message<byte[]> message) {
    return new Post(
        "msg_" + visible(message.id().orElseGet(() -> UUID.randomUUID().toString())),
        visible(message.contentType().orElse("application/octet-stream")),
        headers(message.headers(), name -> true),
        message.body());
  }

  /** Those of a message's headers that can be sent. */
  private static List<Header> headers(Map<String, String> all, Predicate<String> also) {
    List<Header> headers = new ArrayList<>();
    all.forEach(
        (name, value) -> {
          if (isFree(name) && also.test(name.toLowerCase(Locale.ROOT))) {
            headers.add(new Header(name, visible(value)));
          }
        });
    return headers;
  }

  private static boolean isFree(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return TOKEN.matcher(name).matches()
        && !OWN.contains(lower)
        && !lower.startsWith("webhook-")
        && !lower.startsWith("proxy-");
  }

  /** A text as headers can hold it: what is not visible ASCII is percent-encoded, as UTF-8. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      if (one >= ' ' && one < 0x7f) {
        visible.append((char) one);
      } else {
        visible.append('%').append(String.format(Locale.ROOT, "%02X", one & 0xff));
      }
    }
    return visible.toString();
  }
}
