package dev.pitstop.spi;

import dev.pitstop.InvalidFieldException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a store is and how it is set: {@code scheme:rest?name=value&name=value}.
 *
 * @param scheme picks the store
 * @param rest what stands between the scheme and the query, as written
 * @param query the options, percent-decoded, in their order
 */
public record Address(String scheme, String rest, Map<String, String> query) {
  private static final Pattern SECRET =
      Pattern.compile("(//[^/?#:@]*):[^?#]*@|((?i:password|pass|token|secret)=)[^&]*");

  /**
   * The address that a text stands for.
   *
   * @throws InvalidFieldException when it has no scheme, or an option without a value or twice
   */
  public static Address parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || !text.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      throw new InvalidFieldException(
          "address", "must begin with the scheme of a store, as rocksdb:./data", mask(text));
    }
    int mark = text.indexOf('?', colon);
    String rest = mark < 0 ? text.substring(colon + 1) : text.substring(colon + 1, mark);
    Map<String, String> query = new LinkedHashMap<>();
    if (mark >= 0 && mark + 1 < text.length()) {
      for (String pair : text.substring(mark + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          // it may be the rest of a password that has a question mark
          String shown = pair.indexOf('@') < 0 ? pair : "***";
          throw new InvalidFieldException("address", "must have options as name=value", shown);
        }
        String name = decode(pair.substring(0, equals));
        if (query.put(name, decode(pair.substring(equals + 1))) != null) {
          throw new InvalidFieldException("address", "must name an option once only", name);
        }
      }
    }
    return new Address(text.substring(0, colon).toLowerCase(Locale.ROOT), rest, query);
  }

  /** The address with passwords and tokens left out. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme).append(':').append(rest);
    char separator = '?';
    for (Map.Entry<String, String> option : query.entrySet()) {
      text.append(separator).append(option.getKey()).append('=').append(option.getValue());
      separator = '&';
    }
    return mask(text.toString());
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(
          "address", "must have two hex digits after each percent sign", text, e);
    }
  }

  private static String mask(String text) {
    return SECRET
        .matcher(text)
        .replaceAll(m -> m.group(2) != null ? m.group(2) + "***" : m.group(1) + ":***@");
  }
}
