package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of keys in the index.
 *
 * @param from the first key that may be in it
 * @param to the first behind it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record IndexRange(byte[] from, byte[] to) {
  private static final String LOWEST = "00000000-0000-0000-0000-000000000000";
  private static final String HIGHEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

  /** Where the ids of a queue are that begin with a text: first texts, then UUIDs. */
  static List<IndexRange> beginning(int queue, String prefix) {
    if (prefix.isEmpty()) {
      return List.of(new IndexRange(Keys.queueStart(queue), Keys.queueStart(queue + 1)));
    }
    List<IndexRange> ranges = new ArrayList<>();
    boolean half = Character.isHighSurrogate(prefix.charAt(prefix.length() - 1));
    String first = half ? prefix + Character.MIN_LOW_SURROGATE : prefix;
    String end = half ? prefix + Character.MAX_LOW_SURROGATE : prefix;
    if (StandardCharsets.UTF_8.newEncoder().canEncode(first)) {
      byte[] to = text(queue, end);
      to[to.length - 1]++; // neither the tag nor a byte of UTF-8 is the highest there is
      ranges.add(new IndexRange(text(queue, first), to));
    }
    if (Keys.beginsUuid(prefix)) {
      byte[] from = uuid(queue, prefix + LOWEST.substring(prefix.length()));
      byte[] to = uuid(queue, prefix + HIGHEST.substring(prefix.length()));
      ranges.add(new IndexRange(from, behind(to)));
    }
    return ranges;
  }

  /** What of it lies behind a key. */
  IndexRange after(byte[] key) {
    return Arrays.compareUnsigned(key, from) < 0 ? this : new IndexRange(behind(key), to);
  }

  boolean isEmpty() {
    return Arrays.compareUnsigned(from, to) >= 0;
  }

  private static byte[] behind(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  private static byte[] text(int queue, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new Buf(5 + utf8.length).u32(queue).u8(Keys.TEXT).raw(utf8).toArray();
  }

  private static byte[] uuid(int queue, String uuid) {
    return Keys.message(new Buf(21), queue, uuid).toArray();
  }
}
