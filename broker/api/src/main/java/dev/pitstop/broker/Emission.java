package dev.pitstop.broker;

import dev.pitstop.Delivery;
import dev.pitstop.Message;
import dev.pitstop.lines.EmissionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The message that stands for an emission on its way to a broker. */
final class Emission {
  private Emission() {}

  /**
   * The message's own body, content type and headers, and headers that tell of the emission. Its id
   * is the same for each attempt at one occurrence.
   */
  static Message<byte[]> of(Delivery<byte[]> delivery) {
    Map<String, String> headers = new LinkedHashMap<>();
    delivery
        .headers()
        .forEach(
            (name, value) -> {
              if (!ControlHeaders.isOwn(name)) {
                headers.put(name, value);
              }
            });
    headers.put("pitstop-queue", delivery.queue());
    headers.put("pitstop-id", delivery.id());
    headers.put("pitstop-attempt", Integer.toString(delivery.attempt()));
    headers.put("pitstop-scheduled-for", delivery.scheduledFor().toString());
    if (delivery.missed() > 0) {
      headers.put("pitstop-missed", Long.toString(delivery.missed()));
    }
    return new Message<>(
        delivery.bytes(),
        Optional.of(EmissionId.of(delivery)),
        headers,
        Optional.of(delivery.contentType()));
  }
}
