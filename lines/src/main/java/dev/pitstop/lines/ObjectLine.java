package dev.pitstop.lines;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A line that is a JSON object of known fields. Immutable.
 *
 * <p>Everything that is not as it should be is refused with a {@link PitstopException} that says
 * what and where.
 */
public final class ObjectLine {
  private record Slice(JsonToken kind, int start, int end) {}

  private final byte[] line;
  private final Map<String, Slice> fields;

  private ObjectLine(byte[] line, Map<String, Slice> fields) {
    this.line = line;
    this.fields = fields;
  }

  /** The fields of a line; refuses those that are not known, and one that is there twice. */
  public static ObjectLine parse(byte[] line, List<String> known) {
    if (!Json.isUtf8(line)) {
      throw new PitstopException("line must be UTF-8 without NUL");
    }
    Map<String, Slice> fields = new LinkedHashMap<>();
    try (JsonParser parser = Json.parser(line, 0, line.length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new PitstopException("line must be a JSON object, as {\"body\": 1, \"in\": \"5m\"}");
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        if (!known.contains(name)) {
          throw new PitstopException(
              "unknown field " + Texts.shown(name) + Nearest.hint(name, known));
        }
        if (fields.put(name, slice(parser)) != null) {
          throw new PitstopException(name + " must be given once only");
        }
      }
      if (parser.nextToken() != null) {
        throw new PitstopException("line must hold one JSON object and nothing after it");
      }
    } catch (JacksonException e) {
      throw new PitstopException(
          "line is not JSON at column " + e.getLocation().getColumnNr(), null);
    }
    return new ObjectLine(line, fields);
  }

  /**
   * The objects of a JSON array; refuses what is none, and more than a number of them.
   *
   * @param most how many there may be
   */
  public static List<ObjectLine> parseAll(byte[] array, List<String> known, int most) {
    if (!Json.isUtf8(array)) {
      throw new PitstopException("body must be UTF-8 without NUL");
    }
    List<ObjectLine> objects = new ArrayList<>();
    try (JsonParser parser = Json.parser(array, 0, array.length)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new PitstopException("body must be a JSON array of objects");
      }
      while (true) {
        JsonToken next = parser.nextToken();
        if (next == JsonToken.END_ARRAY) {
          break;
        }
        if (objects.size() == most) {
          throw new InvalidFieldException("body", "must have at most " + most + " objects", "more");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        objects.add(parse(Arrays.copyOfRange(array, start, end), known));
      }
      if (parser.nextToken() != null) {
        throw new PitstopException("body must hold one JSON array and nothing after it");
      }
    } catch (JacksonException e) {
      throw new PitstopException(
          "body is not JSON at column " + e.getLocation().getColumnNr(), null);
    }
    return objects;
  }

  private static Slice slice(JsonParser parser) {
    JsonToken kind = parser.nextToken();
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return new Slice(kind, start, (int) parser.currentLocation().getByteOffset());
  }

  /** The names of the fields that are there, in their order. */
  public Set<String> names() {
    return fields.keySet();
  }

  /** A field's JSON, byte for byte as it was written. */
  public Optional<byte[]> raw(String name) {
    return slice(name).map(slice -> Arrays.copyOfRange(line, slice.start, slice.end));
  }

  /** A field that is a string. */
  public Optional<String> text(String name) {
    return slice(name).map(slice -> string(name, slice));
  }

  /** A field that is a whole number of at least 0. */
  public Optional<Long> number(String name) {
    return slice(name)
        .map(
            slice -> {
              String digits = source(slice);
              if (slice.kind != JsonToken.VALUE_NUMBER_INT || !digits.matches("\\d{1,18}")) {
                throw new InvalidFieldException(
                    name, "must be a whole number of at least 0", digits);
              }
              return Long.parseLong(digits);
            });
  }

  /** A field that is true or false. */
  public Optional<Boolean> flag(String name) {
    return slice(name)
        .map(
            slice ->
                switch (slice.kind) {
                  case VALUE_TRUE -> true;
                  case VALUE_FALSE -> false;
                  default ->
                      throw new InvalidFieldException(name, "must be true or false", source(slice));
                });
  }

  /**
   * A field that is an array of strings; empty when it is not there. Refusals show none of them.
   */
  public List<String> list(String name) {
    Slice slice = fields.get(name);
    if (slice == null) {
      return List.of();
    }
    String limit = "must be an array of strings";
    if (slice.kind != JsonToken.START_ARRAY) {
      throw new InvalidFieldException(name, limit, kind(slice.kind));
    }
    List<String> texts = new ArrayList<>();
    try (JsonParser parser = Json.parser(line, slice.start, slice.end - slice.start)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
          throw new InvalidFieldException(name, limit, "one with " + kind(parser.currentToken()));
        }
        texts.add(parser.getString());
      }
    }
    return texts;
  }

  /** A field that is an object of strings; empty when it is not there. */
  public Map<String, String> texts(String name) {
    Slice slice = fields.get(name);
    if (slice == null) {
      return Map.of();
    }
    if (slice.kind != JsonToken.START_OBJECT) {
      throw new InvalidFieldException(name, "must be an object of strings", source(slice));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    try (JsonParser parser = Json.parser(line, slice.start, slice.end - slice.start)) {
      parser.nextToken();
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw new InvalidFieldException(
              name, "must have strings as values", key + ": " + kind(parser.currentToken()));
        }
        if (texts.put(key, parser.getString()) != null) {
          throw new InvalidFieldException(name, "must have each name once only", key);
        }
      }
    }
    return texts;
  }

  private Optional<Slice> slice(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  private String string(String name, Slice slice) {
    if (slice.kind != JsonToken.VALUE_STRING) {
      throw new InvalidFieldException(name, "must be a string", source(slice));
    }
    if (isPlain(slice)) {
      return new String(line, slice.start + 1, slice.end - slice.start - 2, StandardCharsets.UTF_8);
    }
    try (JsonParser parser = Json.parser(line, slice.start, slice.end - slice.start)) {
      parser.nextToken();
      return parser.getString();
    }
  }

  /** Whether nothing in a string is escaped. */
  private boolean isPlain(Slice slice) {
    for (int i = slice.start; i < slice.end; i++) {
      if (line[i] == '\\') {
        return false;
      }
    }
    return true;
  }

  private String source(Slice slice) {
    int length = Math.min(slice.end - slice.start, 1000);
    return new String(line, slice.start, length, StandardCharsets.UTF_8);
  }

  private static String kind(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      default -> "null";
    };
  }
}
