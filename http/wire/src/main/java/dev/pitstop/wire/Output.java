package dev.pitstop.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Bytes put together value by value, for {@link Input} to take apart. For one thread. */
public final class Output {
  private static final int LONGEST_NUMBER = 10;

  private byte[] bytes = new byte[256];
  private int size;

  /** Nothing yet. */
  public Output() {}

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Takes the first bytes away, and gives them. */
  public byte[] cut(int length) {
    byte[] first = Arrays.copyOf(bytes, length);
    System.arraycopy(bytes, length, bytes, 0, size - length);
    size -= length;
    return first;
  }

  /** All bytes. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** A whole number; small ones, also below zero, take few bytes. */
  public Output number(long value) {
    room(LONGEST_NUMBER);
    long left = (value << 1) ^ (value >> 63);
    while ((left & ~0x7FL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  /** Yes or no. */
  public Output flag(boolean value) {
    return number(value ? 1 : 0);
  }

  /** Bytes as they are. */
  public Output bytes(byte[] value) {
    number(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  /** A text that UTF-8 can carry. */
  public Output text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Any text, halves of surrogate pairs included. */
  public Output chars(String value) {
    number(value.length());
    value.chars().forEach(this::number);
    return this;
  }

  /** A constant, by its name. */
  public Output word(Enum<?> value) {
    return text(value.name());
  }

  /** An instant in whole milliseconds. */
  public Output millis(Instant value) {
    return number(value.toEpochMilli());
  }

  /** Any instant. */
  public Output instant(Instant value) {
    return number(value.getEpochSecond()).number(value.getNano());
  }

  /** A duration. */
  public Output duration(Duration value) {
    return number(value.getSeconds()).number(value.getNano());
  }

  /** A text that may be absent; null then. */
  public Output nullableText(@Nullable String value) {
    flag(value != null);
    return value == null ? this : text(value);
  }

  /** What may be absent. */
  public <T> Output optional(Optional<T> value, BiConsumer<Output, T> write) {
    flag(value.isPresent());
    value.ifPresent(present -> write.accept(this, present));
    return this;
  }

  private void room(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
