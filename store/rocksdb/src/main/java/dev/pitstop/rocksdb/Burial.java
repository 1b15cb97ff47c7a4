package dev.pitstop.rocksdb;

import java.util.Arrays;

/**
 * A buried message's record: due time and number as they stood last, then the record itself.
 *
 * @param due in milliseconds since 1970
 * @param number of the put
 * @param record what {@link Value} reads
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; copying each body would cost
record Burial(long due, long number, byte[] record) {
  private static final int HEADER = 16;

  static Burial decode(byte[] value) {
    Bytes in = new Bytes(value);
    return new Burial(in.i64(), in.i64(), Arrays.copyOfRange(value, HEADER, value.length));
  }

  /** Writes a record among the buried. */
  static void put(
      Batch batch,
      QueueState queue,
      Location location,
      long due,
      byte[] record,
      int from,
      int length) {
    Buf value = new Buf(HEADER + length);
    value.i64(due).i64(location.number()).raw(record, from, length);
    batch.put(Table.BURIED, Keys.numbered(new Buf(12), queue.number(), location.at()), value);
  }
}
