package dev.pitstop.sql;

import java.io.StringWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Headers as the text of a JSON object, so that SQL can look into them, and back. */
final class HeaderText {
  private static final JsonFactory JSON = new JsonFactory();

  private HeaderText() {}

  /** Null for none. */
  static @Nullable String write(Map<String, String> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      headers.forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    return text.toString();
  }

  /**
   * The headers in their order.
   *
   * @throws NoHeadersException when it is not a JSON object of texts
   */
  static Map<String, String> read(@Nullable String text) throws NoHeadersException {
    if (text == null) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      expect(json.nextToken() == JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        expect(json.nextToken() == JsonToken.VALUE_STRING);
        headers.put(name, json.getString());
      }
      expect(json.nextToken() == null);
    } catch (JacksonException e) {
      throw new NoHeadersException(e);
    }
    return Collections.unmodifiableMap(headers);
  }

  private static void expect(boolean condition) throws NoHeadersException {
    if (!condition) {
      throw new NoHeadersException(null);
    }
  }

  /** A text is not one of headers. What it has instead is not told: it may be secret. */
  static final class NoHeadersException extends Exception {
    private static final long serialVersionUID = 1;

    private NoHeadersException(@Nullable Throwable cause) {
      super("headers cannot be read: they must be a JSON object of texts", cause);
    }
  }
}
