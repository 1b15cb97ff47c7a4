package dev.pitstop;

/**
 * The times of day that a cron expression names, each field as a bit set. Immutable.
 *
 * @param hours bits 0 to 23
 * @param minutes bits 0 to 59
 * @param seconds bits 0 to 59
 */
record CronTimes(long hours, long minutes, long seconds) {
  private static final int MINUTE = 60;
  private static final int HOUR = 3_600;

  /** The first one, in seconds of the day. */
  int first() {
    return first(hours) * HOUR + firstOfHour();
  }

  /** The first one not before a second of the day, or -1. */
  int atOrAfter(int secondOfDay) {
    int hour = secondOfDay / HOUR;
    if (has(hours, hour)) {
      int minute = secondOfDay % HOUR / MINUTE;
      if (has(minutes, minute)) {
        int second = atOrAfter(seconds, secondOfDay % MINUTE);
        if (second >= 0) {
          return hour * HOUR + minute * MINUTE + second;
        }
      }
      int laterMinute = atOrAfter(minutes, minute + 1);
      if (laterMinute >= 0) {
        return hour * HOUR + laterMinute * MINUTE + first(seconds);
      }
    }
    int laterHour = atOrAfter(hours, hour + 1);
    return laterHour < 0 ? -1 : laterHour * HOUR + firstOfHour();
  }

  /** How many lie before a second of the day; 86,400 is its end. */
  int before(int secondOfDay) {
    int hour = secondOfDay / HOUR;
    int minute = secondOfDay % HOUR / MINUTE;
    int perMinute = Long.bitCount(seconds);
    int count = countBelow(hours, hour) * Long.bitCount(minutes) * perMinute;
    if (has(hours, hour)) {
      count += countBelow(minutes, minute) * perMinute;
      if (has(minutes, minute)) {
        count += countBelow(seconds, secondOfDay % MINUTE);
      }
    }
    return count;
  }

  private int firstOfHour() {
    return first(minutes) * MINUTE + first(seconds);
  }

  private static boolean has(long set, int bit) {
    return (set >>> bit & 1) != 0;
  }

  private static int first(long set) {
    return Long.numberOfTrailingZeros(set);
  }

  private static int atOrAfter(long set, int bit) {
    long rest = set & -1L << bit;
    return rest == 0 ? -1 : first(rest);
  }

  private static int countBelow(long set, int bit) {
    return Long.bitCount(set & ~(-1L << bit));
  }
}
