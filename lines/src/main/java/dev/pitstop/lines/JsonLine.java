package dev.pitstop.lines;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.io.JsonStringEncoder;

/** A JSON object in one line, put together field by field. For one thread. */
public final class JsonLine {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

  public JsonLine() {
    bytes.write('{');
  }

  /** Adds a string. */
  public JsonLine text(String name, String value) {
    name(name);
    quoted(value);
    return this;
  }

  /** Adds a number. */
  public JsonLine number(String name, long value) {
    name(name);
    ascii(Long.toString(value));
    return this;
  }

  /** Adds true or false. */
  public JsonLine flag(String name, boolean value) {
    name(name);
    ascii(Boolean.toString(value));
    return this;
  }

  /** Adds an array of JSON values. */
  public JsonLine array(String name, List<byte[]> values) {
    name(name);
    listed(values);
    return this;
  }

  /** Adds a JSON value. */
  public JsonLine value(String name, byte[] value) {
    name(name);
    bytes.writeBytes(value);
    return this;
  }

  /** A string as a JSON value. */
  public static byte[] string(String text) {
    JsonLine quoted = new JsonLine();
    quoted.bytes.reset();
    quoted.quoted(text);
    return quoted.bytes.toByteArray();
  }

  /** JSON values as a JSON array. */
  public static byte[] list(List<byte[]> values) {
    JsonLine list = new JsonLine();
    list.bytes.reset();
    list.listed(values);
    return list.bytes.toByteArray();
  }

  /** Adds a time, as a string. */
  public JsonLine time(String name, Instant value) {
    return text(name, Times.iso(value));
  }

  /** Adds an object of strings. */
  public JsonLine texts(String name, Map<String, String> values) {
    name(name);
    bytes.write('{');
    String separator = "";
    for (Map.Entry<String, String> entry : values.entrySet()) {
      ascii(separator);
      quoted(entry.getKey());
      bytes.write(':');
      quoted(entry.getValue());
      separator = ",";
    }
    bytes.write('}');
    return this;
  }

  /**
   * Adds a message's body: as it is when it is JSON, in base64 otherwise, with its media type where
   * that is not plainly JSON.
   */
  public JsonLine body(byte[] body, String contentType) {
    if (Json.isJsonType(contentType) && Json.isValue(body)) {
      name("body");
      bytes.writeBytes(Json.inOneLine(body));
      return contentType.equals(Json.MEDIA_TYPE) ? this : text("contentType", contentType);
    }
    return bodyBase64(body, contentType);
  }

  /** Adds a message's body so that its bytes can be had back exactly. */
  public JsonLine exactBody(byte[] body, String contentType) {
    return Json.isJsonType(contentType) && Json.isValue(body) && Json.fitsLine(body)
        ? body(body, contentType)
        : bodyBase64(body, contentType);
  }

  /** The line, without a line feed. */
  public byte[] bytes() {
    bytes.write('}');
    return bytes.toByteArray();
  }

  private JsonLine bodyBase64(byte[] body, String contentType) {
    name("bodyBase64");
    bytes.write('"');
    bytes.writeBytes(Base64.getEncoder().encode(body));
    bytes.write('"');
    return text("contentType", contentType);
  }

  private void name(String name) {
    if (bytes.size() > 1) {
      bytes.write(',');
    }
    quoted(name);
    bytes.write(':');
  }

  private void listed(List<byte[]> values) {
    bytes.write('[');
    boolean first = true;
    for (byte[] value : values) {
      if (!first) {
        bytes.write(',');
      }
      first = false;
      bytes.writeBytes(value);
    }
    bytes.write(']');
  }

  private void quoted(String text) {
    if (isPlain(text)) {
      ascii('"' + text + '"');
      return;
    }
    bytes.write('"');
    bytes.writeBytes(ENCODER.quoteAsUTF8(text));
    bytes.write('"');
  }

  /** Whether a text is visible ASCII of which nothing needs escaping. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private void ascii(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
