package dev.pitstop.json;

import dev.pitstop.Codec;
import dev.pitstop.CodecException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies of one Java type as JSON ({@code application/json}), in UTF-8. Thread-safe.
 *
 * <p>Read and written by a Jackson mapper, a plain one unless another is given: times of {@code
 * java.time} are ISO 8601 texts, and fields that the type does not have are passed over, so that a
 * type may lose a field while messages wait. What follows the JSON value, and a {@code null} in its
 * place, are refused.
 *
 * <p>A reading error says where the body could not be read and quotes nothing of it, since it is
 * kept and logged. What the type's own constructor threw is its cause.
 */
public final class JsonCodec<T> implements Codec<T> {
  private static final JsonMapper PLAIN = JsonMapper.shared();

  private final JavaType type;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  private JsonCodec(ObjectMapper mapper, JavaType type) {
    this.type = type;
    this.reader = mapper.readerFor(type);
    this.writer = mapper.writerFor(type);
  }

  /** Bodies of a class. */
  public static <T> JsonCodec<T> of(Class<T> type) {
    return of(type, PLAIN);
  }

  /** Bodies of a class, by the user's own mapper. */
  public static <T> JsonCodec<T> of(Class<T> type, ObjectMapper mapper) {
    return new JsonCodec<>(mapper, mapper.constructType(type));
  }

  /** Bodies of a generic type: {@code new TypeReference<List<Order>>() {}}. */
  public static <T> JsonCodec<T> of(TypeReference<T> type) {
    return of(type, PLAIN);
  }

  /** Bodies of a generic type, by the user's own mapper. */
  public static <T> JsonCodec<T> of(TypeReference<T> type, ObjectMapper mapper) {
    return new JsonCodec<>(mapper, mapper.constructType(type));
  }

  /** Bodies of a type put together at run time; that it is {@code T} is not checked. */
  public static <T> JsonCodec<T> of(JavaType type) {
    return of(type, PLAIN);
  }

  /** Bodies of a type put together at run time, by the user's own mapper. */
  public static <T> JsonCodec<T> of(JavaType type, ObjectMapper mapper) {
    return new JsonCodec<>(mapper, type);
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public byte[] encode(T body) {
    try {
      return writer.writeValueAsBytes(body);
    } catch (JacksonException e) {
      throw new CodecException("body cannot be written as JSON from " + name(), e);
    }
  }

  @Override
  public T decode(byte[] bytes, String contentType) {
    T body;
    try {
      body = reader.readValue(bytes);
    } catch (JacksonException e) {
      throw new CodecException(
          "body cannot be read as JSON of " + name() + where(e.getLocation()), usersOwn(e));
    }
    if (body == null) {
      throw new CodecException("body is null, must be JSON of " + name(), null);
    }
    return body;
  }

  private String name() {
    return type.toCanonical();
  }

  private static String where(@Nullable TokenStreamLocation location) {
    if (location == null || location.getLineNr() < 1) {
      return "";
    }
    return " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** What the type's constructor threw; what Jackson and the JDK throw quotes the body. */
  private static @Nullable Throwable usersOwn(JacksonException e) {
    return e instanceof ValueInstantiationException ? e.getCause() : null;
  }
}
