package dev.pitstop.sql;

import dev.pitstop.Schedule;
import java.time.Duration;

/** How long leases last, as statements have it. */
final class Leases {
  private Leases() {}

  /** A lease's milliseconds; one that outlasts the year 9999 is cut so that none overflows. */
  static long millis(Duration leaseTime) {
    long most = Schedule.LAST.toEpochMilli();
    return leaseTime.compareTo(Duration.ofMillis(most)) > 0 ? most : leaseTime.toMillis();
  }
}
