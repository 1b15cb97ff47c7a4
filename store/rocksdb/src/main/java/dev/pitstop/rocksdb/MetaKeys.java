package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;

/** The keys of the table {@link Table#META}. */
final class MetaKeys {
  /** The format of all records, u32. */
  static final byte[] FORMAT = text("format");

  /** All numbers that were ever given lie below, i64. */
  static final byte[] CEILING = text("ceiling");

  private static final byte[] NAME = text("name");
  private static final byte[] COUNTS = text("counts");
  private static final byte[] PAUSED = text("paused");

  private MetaKeys() {}

  /** The name of a queue, UTF-8. */
  static Buf name(Buf out, int queue) {
    return out.clear().raw(NAME).u32(queue);
  }

  /** What {@link QueueState#encode} writes of a queue. */
  static Buf counts(Buf out, int queue) {
    return out.clear().raw(COUNTS).u32(queue);
  }

  /** There while a queue is paused, empty. */
  static Buf paused(Buf out, int queue) {
    return out.clear().raw(PAUSED).u32(queue);
  }

  /** Before all names; they end before {@link #namesEnd}. */
  static byte[] names() {
    return NAME.clone();
  }

  static byte[] namesEnd() {
    byte[] end = NAME.clone();
    end[end.length - 1]++;
    return end;
  }

  /** Which queue a name is of. */
  static int queueOfName(byte[] key) {
    Bytes in = new Bytes(key);
    in.raw(NAME.length);
    return in.u32();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
