package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are read one after the other, in the forms that {@link Buf} writes. Reading what is
 * not there throws {@link DamagedException}. Not thread-safe.
 */
final class Bytes {
  private final byte[] bytes;
  private int at;

  Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  int at() {
    return at;
  }

  int u8() {
    need(1);
    return bytes[at++] & 0xFF;
  }

  int u32() {
    need(4);
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | (bytes[at++] & 0xFF);
    }
    return value;
  }

  long i64() {
    return (long) u32() << 32 | (u32() & 0xFFFF_FFFFL);
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new DamagedException("a number does not end at " + at);
  }

  long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  byte[] raw(long count) {
    need(count);
    at += (int) count;
    return Arrays.copyOfRange(bytes, at - (int) count, at);
  }

  byte[] rest() {
    return raw(bytes.length - at);
  }

  String text() {
    long count = varint();
    need(count);
    at += (int) count;
    return new String(bytes, at - (int) count, (int) count, StandardCharsets.UTF_8);
  }

  private void need(long count) {
    if (count < 0 || count > bytes.length - at) {
      throw new DamagedException(count + " bytes are missing at " + at + " of " + bytes.length);
    }
  }
}
