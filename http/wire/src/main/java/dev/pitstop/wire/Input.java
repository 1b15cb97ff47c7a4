package dev.pitstop.wire;

import dev.pitstop.InvalidFieldException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what {@link Output} has put together. For one thread.
 *
 * <p>Whatever the bytes are, no more memory is taken than they have; what is not as it should be is
 * refused with {@link InvalidFieldException}.
 */
public final class Input {
  private final byte[] bytes;
  private int at;

  /** Of bytes that nobody changes. */
  public Input(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Whether something is left. */
  public boolean hasMore() {
    return at < bytes.length;
  }

  /** Refuses what is left. */
  public void end() {
    if (hasMore()) {
      throw malformed("the end");
    }
  }

  /** A whole number. */
  public long number() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == bytes.length) {
        throw malformed("a number");
      }
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw malformed("a number");
  }

  /** A whole number of 32 bits. */
  public int integer() {
    long value = number();
    if (value != (int) value) {
      throw malformed("a number of 32 bits");
    }
    return (int) value;
  }

  /** How many of something follow, each of a byte at least. */
  public int count() {
    long count = number();
    if (count < 0 || count > bytes.length - at) {
      throw malformed("a count of what follows");
    }
    return (int) count;
  }

  /** Yes or no. */
  public boolean flag() {
    return number() != 0;
  }

  /** Bytes as they are. */
  public byte[] bytes() {
    int length = count();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  /** A text in UTF-8. */
  public String text() {
    int length = count();
    String value = new String(bytes, at, length, StandardCharsets.UTF_8);
    if (value.indexOf('\uFFFD') >= 0) {
      refuseMalformedText(length);
    }
    at += length;
    return value;
  }

  private void refuseMalformedText(int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
    } catch (CharacterCodingException e) {
      throw malformed("a text in UTF-8");
    }
  }

  /** Any text, as {@link Output#chars} writes it. */
  public String chars() {
    int length = count();
    StringBuilder value = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      value.append((char) number());
    }
    return value.toString();
  }

  /** A constant of an enum, by its name. */
  public <E extends Enum<E>> E word(Class<E> type) {
    String name = text();
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(
          "body", "must have a word of " + Arrays.toString(type.getEnumConstants()), name, e);
    }
  }

  /** An instant in whole milliseconds. */
  public Instant millis() {
    return Instant.ofEpochMilli(number());
  }

  /** Any instant. */
  public Instant instant() {
    try {
      return Instant.ofEpochSecond(number(), number());
    } catch (DateTimeException | ArithmeticException e) {
      throw malformed("an instant");
    }
  }

  /** A duration. */
  public Duration duration() {
    try {
      return Duration.ofSeconds(number(), number());
    } catch (ArithmeticException e) {
      throw malformed("a duration");
    }
  }

  /** What may be absent. */
  public <T> Optional<T> optional(Function<Input, T> read) {
    return flag() ? Optional.of(read.apply(this)) : Optional.empty();
  }

  /** A text that may be absent; null then. */
  public @Nullable String nullableText() {
    return flag() ? text() : null;
  }

  private InvalidFieldException malformed(String expected) {
    return new InvalidFieldException(
        "body", "must be as this version writes it: " + expected, "not so at byte " + at);
  }
}
