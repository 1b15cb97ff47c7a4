package dev.pitstop.rocksdb;

/**
 * What the index says of a message: where its record is.
 *
 * @param buried whether it is among the buried or among the waiting and leased
 * @param large whether its body lies apart, under {@code number}
 * @param at its due time in milliseconds since 1970, or the number of its burial
 * @param number of its put
 */
record Location(boolean buried, boolean large, long at, long number) {
  private static final int BURIED = 1;
  private static final int LARGE = 2;

  static Location waiting(Place place, boolean large) {
    return new Location(false, large, place.due(), place.number());
  }

  static Location decode(byte[] bytes) {
    Bytes in = new Bytes(bytes);
    int flags = in.u8();
    return new Location((flags & BURIED) != 0, (flags & LARGE) != 0, in.i64(), in.i64());
  }

  void encode(Buf out) {
    out.u8((buried ? BURIED : 0) | (large ? LARGE : 0)).i64(at).i64(number);
  }

  /** Where it stands in its queue, when it is not buried. */
  Place place() {
    return new Place(at, number);
  }
}
