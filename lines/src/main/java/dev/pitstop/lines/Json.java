package dev.pitstop.lines;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** What is JSON and what is not: bodies pass through byte for byte, they are only looked at. */
public final class Json {
  public static final String MEDIA_TYPE = "application/json";

  /*
   * Numbers are never turned into numbers, so their length costs nothing; depth costs memory.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(10_000)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private Json() {}

  /** A parser of bytes that {@link #isUtf8} holds for. */
  public static JsonParser parser(byte[] bytes, int offset, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length);
  }

  /** Whether bytes are UTF-8 without NUL, which would be taken for another encoding. */
  public static boolean isUtf8(byte[] bytes) {
    boolean ascii = true;
    for (byte b : bytes) {
      if (b == 0) {
        return false;
      }
      ascii &= b > 0;
    }
    if (ascii) {
      return true;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(Math.min(bytes.length + 1, 8192));
    CoderResult result = decoder.decode(in, out.clear(), true);
    while (result.isOverflow()) {
      result = decoder.decode(in, out.clear(), true);
    }
    return !result.isError();
  }

  /** Whether a media type says JSON: {@code application/json} or one that ends in {@code +json}. */
  public static boolean isJsonType(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.equals(MEDIA_TYPE) || type.endsWith("+json");
  }

  /** Whether bytes are one JSON value in UTF-8, white space around it aside. */
  public static boolean isValue(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] == (byte) 0xEF || !isUtf8(bytes)) {
      return false;
    }
    try (JsonParser parser = parser(bytes, 0, bytes.length)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Whether a JSON value stands in one line with nothing around it, so that a line can hold it. */
  public static boolean fitsLine(byte[] value) {
    if (isSpace(value[0]) || isSpace(value[value.length - 1])) {
      return false;
    }
    for (byte b : value) {
      if (b == '\n' || b == '\r') {
        return false;
      }
    }
    return true;
  }

  /** A JSON value with spaces for its line breaks, which stand between its tokens only. */
  public static byte[] inOneLine(byte[] value) {
    byte[] line = value;
    for (int i = 0; i < value.length; i++) {
      if (value[i] == '\n' || value[i] == '\r') {
        line = line == value ? value.clone() : line;
        line[i] = ' ';
      }
    }
    return line;
  }

  public static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
