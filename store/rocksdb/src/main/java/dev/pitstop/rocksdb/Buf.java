package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are written one after the other; numbers are big-endian. Not thread-safe.
 *
 * <p>A varint has seven bits a byte, lowest first; a zigzag is a varint that is short for small
 * negative numbers too.
 */
final class Buf {
  private byte[] bytes;
  private int length;

  Buf(int capacity) {
    bytes = new byte[capacity];
  }

  /** What was written; it is valid until more is written, up to {@link #length}. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  Buf clear() {
    length = 0;
    return this;
  }

  Buf u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  Buf u32(int value) {
    room(4);
    putInt(length, value, true);
    length += 4;
    return this;
  }

  Buf i64(long value) {
    room(8);
    putInt(length, (int) (value >>> 32), true);
    putInt(length + 4, (int) value, true);
    length += 8;
    return this;
  }

  /** Overwrites four bytes that were written before, lowest byte first. */
  void setLittleEndian(int at, int value) {
    putInt(at, value, false);
  }

  Buf varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  Buf zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  Buf raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  Buf raw(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  /** A text: how many bytes it has in UTF-8, then those. */
  Buf text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).raw(utf8);
  }

  private void putInt(int at, int value, boolean highestFirst) {
    int bits = highestFirst ? value : Integer.reverseBytes(value);
    bytes[at] = (byte) (bits >>> 24);
    bytes[at + 1] = (byte) (bits >>> 16);
    bytes[at + 2] = (byte) (bits >>> 8);
    bytes[at + 3] = (byte) bits;
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), 2 * bytes.length));
    }
  }
}
