package dev.pitstop.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * A message that was leased over HTTP, as much of it as is needed to settle it. Immutable.
 *
 * @param id an id that needs no escaping in JSON
 */
record Leased(String id, String token) {
  private static final String ID = "\"id\":\"";
  private static final String TOKEN = "\",\"token\":\"";

  /** All that stand in an answer or an event. */
  static List<Leased> in(String json) {
    List<Leased> all = new ArrayList<>();
    for (int at = json.indexOf(ID); at >= 0; at = json.indexOf(ID, at)) {
      int idEnd = json.indexOf(TOKEN, at);
      int tokenEnd = json.indexOf('"', idEnd + TOKEN.length());
      all.add(
          new Leased(
              json.substring(at + ID.length(), idEnd),
              json.substring(idEnd + TOKEN.length(), tokenEnd)));
      at = tokenEnd;
    }
    return all;
  }

  /** The request that acks them. */
  static byte[] ack(String queue, List<Leased> leased) {
    StringBuilder items = new StringBuilder(leased.size() * 120).append('[');
    for (Leased one : leased) {
      items
          .append(items.length() > 1 ? "," : "")
          .append("{\"queue\":\"")
          .append(queue)
          .append("\",\"id\":\"")
          .append(one.id)
          .append("\",\"token\":\"")
          .append(one.token)
          .append("\",\"do\":\"ack\"}");
    }
    return HttpMessage.post("/v1/leases:settle", "", items.append(']').toString());
  }

  /** How many an answer to that says took effect. */
  static int acked(HttpMessage answer) {
    String took = "\"took\":true";
    int count = 0;
    String body = answer.orThrow().body();
    for (int at = body.indexOf(took); at >= 0; at = body.indexOf(took, at + took.length())) {
      count++;
    }
    return count;
  }
}
