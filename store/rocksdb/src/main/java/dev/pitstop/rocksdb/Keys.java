package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;

/** The keys of all records: a queue's number first, then what orders them. */
final class Keys {
  /*
   * An id is 17 bytes when it is a UUID in its canonical lower-case form, which most are; otherwise
   * its UTF-8 bytes. The tag before keeps the two apart.
   */
  static final int TEXT = 0;
  static final int UUID = 1;
  static final int UUID_LENGTH = 36;
  private static final int UUID_BYTES = 16;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Keys() {}

  /** Of a waiting or leased message; times before 1970 stand before those after. */
  static Buf due(Buf out, int queue, long due, long number) {
    return out.clear().u32(queue).i64(due ^ Long.MIN_VALUE).i64(number);
  }

  static Buf due(Buf out, int queue, Place place) {
    return due(out, queue, place.due(), place.number());
  }

  static Place place(byte[] dueKey) {
    Bytes in = new Bytes(dueKey);
    in.u32();
    return new Place(in.i64() ^ Long.MIN_VALUE, in.i64());
  }

  /** Of a buried message, a lease record or a large body. */
  static Buf numbered(Buf out, int queue, long number) {
    return out.clear().u32(queue).i64(number);
  }

  static long number(byte[] numberedKey) {
    Bytes in = new Bytes(numberedKey);
    in.u32();
    return in.i64();
  }

  /** Of a message in the index. */
  static Buf message(Buf out, int queue, String id) {
    out.clear().u32(queue);
    id(out, id);
    return out;
  }

  /** The id of a message in the index. */
  static String id(byte[] messageKey) {
    Bytes in = new Bytes(messageKey);
    in.u32();
    return in.u8() == UUID
        ? uuid(in.raw(UUID_BYTES))
        : new String(in.rest(), StandardCharsets.UTF_8);
  }

  /** Before all keys of a queue; those of the next queue begin where it ends. */
  static byte[] queueStart(int queue) {
    return new Buf(4).u32(queue).toArray();
  }

  /** An id as it stands at the end of a key. */
  static void id(Buf out, String id) {
    if (isUuid(id)) {
      out.u8(UUID);
      for (int i = 0; i < UUID_LENGTH; i += 2) {
        if (id.charAt(i) == '-') {
          i++;
        }
        out.u8(digit(id.charAt(i)) << 4 | digit(id.charAt(i + 1)));
      }
    } else {
      out.u8(TEXT).raw(id.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** An id within a record, where it has to say how long it is. */
  static void idInRecord(Buf out, String id) {
    if (isUuid(id)) {
      id(out, id);
    } else {
      out.u8(TEXT).text(id);
    }
  }

  static String idInRecord(Bytes in) {
    return in.u8() == UUID ? uuid(in.raw(UUID_BYTES)) : in.text();
  }

  private static String uuid(byte[] raw) {
    byte[] text = new byte[UUID_LENGTH];
    int at = 0;
    for (int i = 0; i < raw.length; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        text[at++] = '-';
      }
      text[at++] = HEX[(raw[i] >> 4) & 0xF];
      text[at++] = HEX[raw[i] & 0xF];
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static boolean isUuid(String id) {
    return id.length() == UUID_LENGTH && beginsUuid(id);
  }

  /** Whether a UUID in its canonical form can begin with a text. */
  static boolean beginsUuid(String text) {
    if (text.length() > UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text.charAt(i) != '-' : digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
